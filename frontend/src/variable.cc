#include "frontend/src/variable_impl.h"

#include <hornbeam/ops/elementwise.h>

#include "frontend/src/saving/loading_scope.h"
#include "frontend/src/tensor_impl.h"
#include "frontend/src/trace/trace.h"

namespace hornbeam {
namespace {

thread_local std::vector<std::string> name_scopes;

}  // namespace

struct Variable::Slot {
  std::shared_ptr<VariableImpl> impl;
};

void VariableImpl::set_value(const Array& value) { take_value(value.dtype() == dtype && !state ? value.clone() : value); }

void VariableImpl::take_value(Array value) {
  if (value.shape() != shape)
    throw ValueError("The shape of the target variable and the shape of the target value must match. Variable '" +
                     path + "' has shape " + shape.to_string() + ". Received: a value of shape " +
                     value.shape().to_string());
  Array cast = value.cast(dtype);
  if (state)
    state->write(state_name, cast);
  else
    host = std::move(cast);
}

void VariableImpl::bind(std::shared_ptr<runtime::State> to, std::string name) {
  to->write(name, state ? value() : host);
  state = std::move(to);
  state_name = std::move(name);
  host = Array();
}

Variable::Variable() : slot_(std::make_shared<Slot>()) {}

Variable::Variable(const VariableOptions& options) : Variable() {
  if (!options.shape.is_static())
    throw ValueError("A variable's shape must be fully defined. Variable '" + options.name +
                     "' received: shape=" + options.shape.to_string());
  auto impl = std::make_shared<VariableImpl>();
  impl->name = options.name;
  impl->path = NameScope::prefix() + options.name;
  impl->shape = options.shape;
  impl->dtype = options.dtype;
  impl->trainable = options.trainable;
  impl->regularizer = options.regularizer;
  impl->constraint = options.constraint;
  // A variable of a model that is read from a file gets the file's value next.
  saving::LoadingScope* loading = saving::LoadingScope::current();
  if (loading) loading->take(impl->path, options.dtype, options.shape);
  bool initialize = options.initializer && !loading;
  impl->host =
      initialize ? options.initializer->call(options.shape, options.dtype) : Array(options.dtype, options.shape);
  slot_->impl = std::move(impl);
}

Variable::Variable(Array value, std::string name, bool trainable) : Variable() {
  auto impl = std::make_shared<VariableImpl>();
  impl->path = NameScope::prefix() + name;
  impl->name = std::move(name);
  impl->shape = value.shape();
  impl->dtype = value.dtype();
  impl->trainable = trainable;
  impl->host = value.clone();
  slot_->impl = std::move(impl);
}

Variable& Variable::operator=(const Variable& other) {
  if (!valid() && other.valid())
    slot_->impl = other.slot_->impl;  // seen by all copies of this handle
  else
    slot_ = other.slot_;
  return *this;
}

bool Variable::valid() const { return slot_->impl != nullptr; }

VariableImpl* Variable::impl() const {
  if (!slot_->impl)
    throw ValueError("A variable was used before it was made. Make it in the layer's build with add_weight.");
  return slot_->impl.get();
}

const std::string& Variable::name() const { return impl()->name; }
const std::string& Variable::path() const { return impl()->path; }
const Shape& Variable::shape() const { return impl()->shape; }
DType Variable::dtype() const { return impl()->dtype; }
bool Variable::trainable() const { return impl()->trainable; }
void Variable::set_trainable(bool trainable) { impl()->trainable = trainable; }
const Regularizer& Variable::regularizer() const { return impl()->regularizer; }
const Constraint& Variable::constraint() const { return impl()->constraint; }

Array Variable::value() const {
  if (trace::Trace::current())
    throw ValueError("The value of variable '" + path() +
                     "' was asked for inside a trace. Use the variable as a tensor.");
  return impl()->value();
}

void Variable::assign(const Tensor& value) const {
  if (trace::Trace* trace = trace::Trace::current()) {
    if (value.shape() != shape())
      throw ValueError("The shape of the target variable and the shape of the target value must match. Variable '" +
                       path() + "' has shape " + shape().to_string() + ". Received: a value of shape " +
                       value.shape().to_string());
    trace->assign(*this, ops::cast(value, dtype()));
    return;
  }
  impl()->set_value(value.array());
}

void Variable::assign_add(const Tensor& value) const { assign(Tensor(*this) + value); }
void Variable::assign_sub(const Tensor& value) const { assign(Tensor(*this) - value); }

Variable::operator Tensor() const {
  if (trace::Trace* trace = trace::Trace::current()) return trace->read_cast(*this);
  TensorImpl tensor;
  tensor.kind = TensorImpl::Kind::variable;
  tensor.dtype = dtype();
  tensor.shape = shape();
  tensor.var = *this;
  return make_tensor(std::move(tensor));
}

NameScope::NameScope(const std::string& name) {
  if (name.empty() || name.find('/') != std::string::npos)
    throw ValueError("Argument `name` must be a string and cannot contain character `/`. Received: name=" + name);
  name_scopes.push_back(name);
}
NameScope::~NameScope() { name_scopes.pop_back(); }

std::string NameScope::prefix() {
  std::string prefix;
  for (const std::string& name : name_scopes) prefix += name + "/";
  return prefix;
}

}  // namespace hornbeam
