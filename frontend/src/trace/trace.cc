#include "frontend/src/trace/trace.h"

#include "frontend/src/trace/pause.h"

namespace hornbeam::trace {
namespace {

thread_local Trace* current_trace = nullptr;

ir::Type type_of(const Tensor& tensor) { return {tensor.dtype(), tensor.shape()}; }

}  // namespace

Trace* Trace::current() { return current_trace; }

Trace::Scope::Scope(Trace& trace) : previous_(current_trace) { current_trace = &trace; }
Trace::Scope::~Scope() { current_trace = previous_; }

Pause::Pause() : paused_(current_trace) { current_trace = nullptr; }
Pause::~Pause() { current_trace = paused_; }

Tensor Trace::wrap(ir::Value value) const {
  ir::Type type = value.type();
  TensorImpl impl;
  impl.kind = TensorImpl::Kind::traced;
  impl.dtype = type.dtype;
  impl.shape = std::move(type.shape);
  impl.value = value.impl();
  Tensor tensor = make_tensor(std::move(impl));
  if (!made_inside_.empty()) made_inside_.back().push_back(tensor.impl());
  return tensor;
}

Tensor Trace::placeholder(DType dtype, Shape shape) {
  TensorImpl impl;
  impl.kind = TensorImpl::Kind::traced;
  impl.dtype = dtype;
  impl.shape = std::move(shape);
  return make_tensor(std::move(impl));
}

Tensor Trace::lift(const Tensor& tensor) {
  if (!tensor.valid()) throw ValueError("A tensor was expected. Received: none");
  const TensorImpl& impl = *tensor.impl();
  switch (impl.kind) {
    case TensorImpl::Kind::traced:
      return tensor;
    case TensorImpl::Kind::variable:
      return read_cast(*impl.var);
    case TensorImpl::Kind::symbolic:
      throw ValueError("A symbolic tensor (" + impl.name + ", shape " + impl.shape.to_string() +
                       ") was used while a layer's call runs. Pass it to the layer as an input instead.");
    case TensorImpl::Kind::concrete:
      break;
  }
  if (!builder_) return placeholder(impl.dtype, impl.shape);
  return wrap(builder_->constant(impl.array.cast(impl.dtype)));
}

ir::Value Trace::value(const Tensor& tensor) { return ir::Value(lift(tensor).impl()->value); }

std::vector<Tensor> Trace::emit(const char* op, const std::vector<Tensor>& operands, const Attrs& attrs) {
  std::vector<Tensor> out;
  if (!builder_) {
    std::vector<ir::Type> types;
    for (const Tensor& operand : operands) types.push_back(type_of(operand));
    for (ir::Type& type : unwrap(ir::infer(op, types, attrs)))
      out.push_back(placeholder(type.dtype, std::move(type.shape)));
    return out;
  }
  std::vector<ir::Value> values;
  for (const Tensor& operand : operands) values.push_back(value(operand));
  for (ir::Value result : unwrap(builder_->create(op, values, attrs))) out.push_back(wrap(result));
  return out;
}

void Trace::bind(const Variable& variable, ir::Value argument) { values_[variable.impl()] = wrap(argument); }

Tensor Trace::read(const Variable& variable) {
  auto at = values_.find(variable.impl());
  if (at != values_.end()) return at->second;
  if (!builder_) {
    used_.push_back(variable);
    return values_[variable.impl()] = placeholder(variable.dtype(), variable.shape());
  }
  throw ValueError(
      "The variable '" + variable.path() +
      "' is used by a model that does not own it. Make it with add_weight in a layer's build, or track the "
      "layer that owns it.");
}

Tensor Trace::read_cast(const Variable& variable) {
  Tensor value = read(variable);
  if (!autocast || !is_float(value.dtype()) || value.dtype() == *autocast) return value;
  return emit("cast", {value}, {{"dtype", *autocast}}).at(0);
}

void Trace::assign(const Variable& variable, const Tensor& value) {
  read(variable);
  values_[variable.impl()] = lift(value);
  assigned_.emplace(variable.impl(), variable);
}

Gradient Trace::gradient(const std::function<std::vector<Tensor>()>& function, const std::vector<Tensor>& wrt) {
  Gradient gradient;
  if (!builder_) {
    gradient.aux = function();
    gradient.value = lift(gradient.aux.at(0));
    gradient.aux.erase(gradient.aux.begin());
    for (const Tensor& tensor : wrt) gradient.grads.push_back(placeholder(tensor.dtype(), tensor.shape()));
    return gradient;
  }
  std::vector<ir::Value> wrt_values;
  for (const Tensor& tensor : wrt) wrt_values.push_back(value(tensor));
  auto before = values_;
  builder_->begin_gradient();
  made_inside_.emplace_back();
  std::vector<Tensor> results = function();
  ir::Value target = value(results.at(0));
  // What leaves the region: the function's other results, then the variables that it assigned, then what else C++ code
  // still holds of what was made inside.
  std::vector<ir::Value> aux;
  for (size_t i = 1; i < results.size(); ++i) aux.push_back(value(results[i]));
  std::vector<VariableImpl*> changed;
  for (const auto& [variable, tensor] : values_) {
    auto old = before.find(variable);
    if (old == before.end() || !same(old->second, tensor)) changed.push_back(variable);
  }
  // Not the map's order, which is that of addresses: the same model must give the same text.
  std::sort(changed.begin(), changed.end(),
            [&](VariableImpl* a, VariableImpl* b) { return assigned_.at(a).path() < assigned_.at(b).path(); });
  for (VariableImpl* variable : changed) {
    aux.push_back(value(values_.at(variable)));
    values_.at(variable) = Tensor();  // set below
  }
  const size_t num_results = results.size() - 1;
  results.clear();
  std::vector<std::weak_ptr<const TensorImpl>> made = std::move(made_inside_.back());
  made_inside_.pop_back();
  std::vector<std::shared_ptr<const TensorImpl>> held;
  for (const auto& weak : made)
    if (std::shared_ptr<const TensorImpl> impl = weak.lock()) held.push_back(impl);
  for (const auto& impl : held) aux.push_back(ir::Value(impl->value));
  ir::Builder::Gradient built = unwrap(builder_->end_gradient(target, wrt_values, aux));
  gradient.value = wrap(built.value);
  for (size_t i = 0; i < num_results; ++i) gradient.aux.push_back(wrap(built.aux[i]));
  for (size_t i = 0; i < changed.size(); ++i) values_[changed[i]] = wrap(built.aux[num_results + i]);
  // From now on they stand for the op's results. A TensorImpl changes in no other place.
  for (size_t i = 0; i < held.size(); ++i) {
    const_cast<TensorImpl&>(*held[i]).value = built.aux[num_results + changed.size() + i].impl();
    if (!made_inside_.empty()) made_inside_.back().push_back(held[i]);
  }
  for (ir::Value grad : built.grads) gradient.grads.push_back(wrap(grad));
  return gradient;
}

Tensor emit(const char* op, const std::vector<Tensor>& operands, const Attrs& attrs) {
  Trace* trace = Trace::current();
  if (!trace) throw ValueError(std::string("The op '") + op + "' was written outside a trace.");
  return trace->emit(op, operands, attrs).at(0);
}

std::vector<Spec> infer(const std::vector<Spec>& inputs,
                        const std::function<std::vector<Tensor>(const std::vector<Tensor>&)>& function) {
  auto run = [&](int64_t fill) {
    Trace trace(nullptr);
    Trace::Scope scope(trace);
    std::vector<Tensor> placeholders;
    for (const Spec& input : inputs) {
      Shape shape = input.shape;
      for (int64_t i = 0; i < shape.rank(); ++i)
        if (shape[i] < 0) shape[i] = fill;
      placeholders.push_back(Trace::placeholder(input.dtype, std::move(shape)));
    }
    std::vector<Spec> specs;
    for (const Tensor& result : function(placeholders)) specs.push_back({result.dtype(), result.shape()});
    return specs;
  };
  bool is_static = true;
  for (const Spec& input : inputs) is_static &= input.shape.is_static();
  // Primes far apart, and larger than any window, so that sizes made from them differ, too.
  std::vector<Spec> first = run(1031);
  if (is_static) return first;
  std::vector<Spec> second = run(4099);
  for (size_t i = 0; i < first.size(); ++i)
    for (int64_t axis = 0; axis < first[i].shape.rank(); ++axis)
      if (first[i].shape[axis] != second[i].shape[axis]) first[i].shape[axis] = kUnknown;
  return first;
}

void raise(const absl::Status& status) {
  std::string text(status.message());
  if (status.code() == absl::StatusCode::kUnimplemented) throw NotImplementedError(text);
  throw ValueError(text);
}

}  // namespace hornbeam::trace
