// Builds modules of horn functions for those who know no MLIR.
#include "ir/builder.h"

#include <mlir/Parser/Parser.h>

#include "ir/builder_impl.h"
#include "ir/horn.h"
#include "ir/module_impl.h"
#include "ir/types.h"

namespace hornbeam::ir {

namespace {

const char* text(Role role) { return role == Role::state ? "state" : "batch"; }

}  // namespace

std::unique_ptr<mlir::MLIRContext> make_context() {
  auto context = std::make_unique<mlir::MLIRContext>(mlir::MLIRContext::Threading::DISABLED);
  context->loadDialect<horn::HornDialect, mlir::func::FuncDialect>();
  return context;
}

Type Value::type() const { return from_mlir(mlir::cast<mlir::RankedTensorType>(unwrap(*this).getType())); }

// ---- Module

Module::Module() : impl_(std::make_unique<Impl>()) {
  impl_->context = make_context();
  impl_->module = mlir::ModuleOp::create(mlir::UnknownLoc::get(impl_->context.get()));
}
Module::~Module() = default;
Module::Module(Module&&) noexcept = default;
Module& Module::operator=(Module&& other) noexcept {
  if (this != &other) impl_ = std::move(other.impl_);
  return *this;
}

std::string Module::to_string() const {
  std::string text;
  llvm::raw_string_ostream stream(text);
  impl_->module->print(stream);
  return text;
}

absl::StatusOr<Module> Module::parse(const std::string& text) {
  Module module;
  ErrorText errors(module.impl_->context.get());
  auto parsed = mlir::parseSourceString<mlir::ModuleOp>(text, module.impl_->context.get());
  if (!parsed) return errors.status();
  module.impl_->module = std::move(parsed);
  return module;
}

// ---- Builder

Builder::Builder(Module& module)
    : impl_(std::make_unique<Impl>(Impl{
          module.impl().context.get(), *module.impl().module, mlir::OpBuilder(module.impl().context.get()), {}, {}})) {}

Builder::~Builder() {
  // What was never ended or taken: inner blocks use values of outer ones, so they go first.
  for (auto& body : impl_->bodies) body->dropAllReferences();
  impl_->bodies.clear();
  while (!impl_->open.empty()) {
    impl_->open.back().block->dropAllReferences();
    impl_->open.pop_back();
  }
}

std::vector<Value> Builder::begin_function(const std::string& name, std::span<const Argument> arguments) {
  mlir::OpBuilder& b = impl_->builder;
  llvm::SmallVector<mlir::Type> types;
  for (const Argument& argument : arguments) types.push_back(to_mlir(impl_->context, argument.type));
  b.setInsertionPointToEnd(impl_->module.getBody());
  impl_->function = mlir::func::FuncOp::create(b, impl_->loc(), name, b.getFunctionType(types, {}));
  mlir::Block* entry = impl_->function.addEntryBlock();
  b.setInsertionPointToEnd(entry);
  std::vector<Value> values;
  for (auto [i, argument] : llvm::enumerate(arguments)) {
    impl_->function.setArgAttr(i, horn::kRoleAttr, b.getStringAttr(text(argument.role)));
    impl_->function.setArgAttr(i, horn::kNameAttr, b.getStringAttr(argument.name));
    values.push_back(wrap(entry->getArgument(i)));
  }
  return values;
}

absl::Status Builder::end_function(std::span<const Result> results) {
  mlir::OpBuilder& b = impl_->builder;
  if (!impl_->open.empty())
    return absl::FailedPreconditionError("end_function inside a gradient or a body that was not ended");
  llvm::SmallVector<mlir::Value> values;
  for (const Result& result : results) values.push_back(unwrap(result.value));
  mlir::func::ReturnOp::create(b, impl_->loc(), values);
  mlir::func::FuncOp function = impl_->function;
  function.setFunctionType(b.getFunctionType(function.getArgumentTypes(), mlir::ValueRange(values).getTypes()));
  for (auto [i, result] : llvm::enumerate(results)) {
    function.setResultAttr(i, horn::kRoleAttr, b.getStringAttr(text(result.role)));
    function.setResultAttr(i, horn::kNameAttr, b.getStringAttr(result.name));
    if (result.role == Role::batch) function.setResultAttr(i, horn::kPerBatchAttr, b.getBoolAttr(result.per_batch));
  }
  ErrorText errors(impl_->context);
  if (failed(mlir::verify(function))) return errors.status();
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Value>> Builder::create(std::string_view name, std::span<const Value> operands,
                                                   const Attrs& attrs) {
  llvm::SmallVector<mlir::Value> values = unwrap(operands);
  auto state = inferred_state(impl_->context, name, values, attrs);
  if (!state.ok()) return state.status();
  (*state)->location = impl_->loc();
  mlir::Operation* op = impl_->builder.create(**state);
  std::vector<Value> results;
  for (mlir::Value result : op->getResults()) results.push_back(wrap(result));
  return results;
}

absl::StatusOr<Value> Builder::create_one(std::string_view name, std::span<const Value> operands, const Attrs& attrs) {
  auto results = create(name, operands, attrs);
  if (!results.ok()) return results.status();
  return results->front();
}

Value Builder::constant(const Array& value) {
  return wrap(
      horn::ConstantOp::create(impl_->builder, impl_->loc(), mlir::ElementsAttr(to_attr(impl_->context, value))));
}

void Builder::begin_source(std::string_view name) {
  std::string path = impl_->sources.empty() ? "" : impl_->sources.back().str() + "/";
  impl_->sources.push_back(impl_->builder.getStringAttr(path.append(name)));
}

void Builder::end_source() { impl_->sources.pop_back(); }

void Builder::begin_gradient() {
  impl_->open.push_back({std::make_unique<mlir::Block>(), impl_->builder.saveInsertionPoint()});
  impl_->builder.setInsertionPointToEnd(impl_->open.back().block.get());
}

absl::StatusOr<Builder::Gradient> Builder::end_gradient(Value value, std::span<const Value> wrt,
                                                        std::span<const Value> aux) {
  if (impl_->open.empty()) return absl::FailedPreconditionError("end_gradient without begin_gradient");
  mlir::OpBuilder& b = impl_->builder;
  llvm::SmallVector<mlir::Value> yielded{unwrap(value)}, by = unwrap(wrt);
  yielded.append(unwrap(aux));
  Type type = value.type();
  if (!type.shape.empty() || !is_float(type.dtype))
    return absl::InvalidArgumentError("The value to differentiate must be a float scalar. Received: dtype=" +
                                      std::string(name_of(type.dtype)) + ", shape=" + type.shape.to_string());
  for (Value x : wrt)
    if (!is_float(x.type().dtype))
      return absl::InvalidArgumentError("Only floats can be differentiated by. Received: dtype=" +
                                        std::string(name_of(x.type().dtype)));
  horn::YieldOp::create(b, impl_->loc(), yielded);
  Impl::Open open = impl_->close();
  llvm::SmallVector<mlir::Type> types(mlir::ValueRange(yielded).getTypes());
  llvm::append_range(types, mlir::ValueRange(by).getTypes());
  auto op = horn::GradientOp::create(b, impl_->loc(), types, by);
  op.getBody().push_back(open.block.release());
  Gradient gradient;
  gradient.value = wrap(op.getResult(0));
  for (size_t i = 0; i < aux.size(); ++i) gradient.aux.push_back(wrap(op.getResult(1 + i)));
  for (size_t i = 0; i < wrt.size(); ++i) gradient.grads.push_back(wrap(op.getResult(1 + aux.size() + i)));
  return gradient;
}

}  // namespace hornbeam::ir
