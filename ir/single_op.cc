// Asks one op, outside any module: infer, evaluate, op_names.
#include <mlir/IR/Block.h>

#include <algorithm>

#include "ir/builder.h"
#include "ir/create_op.h"
#include "ir/horn.h"
#include "ir/module_impl.h"
#include "ir/types.h"

namespace hornbeam::ir {

namespace {

// A thread's own context, made when first asked.
mlir::MLIRContext* context() {
  thread_local std::unique_ptr<mlir::MLIRContext> own = make_context();
  return own.get();
}

// A block whose arguments stand for operands of these types.
absl::Status add_operands(mlir::Block& block, std::span<const Type> types) {
  for (const Type& type : types) {
    if (!to_mlir(context(), type.dtype))
      return absl::InvalidArgumentError("dtype " + std::string(name_of(type.dtype)) +
                                        " never enters a compiled program");
    block.addArgument(to_mlir(context(), type), mlir::UnknownLoc::get(context()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<Type>> infer(std::string_view name, std::span<const Type> operands, const Attrs& attrs) {
  mlir::Block block;
  absl::Status status = add_operands(block, operands);
  if (!status.ok()) return status;
  auto state = inferred_state(context(), name, block.getArguments(), attrs);
  if (!state.ok()) return state.status();
  std::vector<Type> types;
  for (mlir::Type type : (*state)->types) types.push_back(from_mlir(mlir::cast<mlir::RankedTensorType>(type)));
  return types;
}

absl::StatusOr<std::vector<Array>> evaluate(std::string_view name, std::span<const Array> operands,
                                            const Attrs& attrs) {
  std::vector<Type> types;
  for (const Array& operand : operands) types.push_back({operand.dtype(), operand.shape()});
  mlir::Block block;
  absl::Status status = add_operands(block, types);
  if (!status.ok()) return status;
  auto state = inferred_state(context(), name, block.getArguments(), attrs);
  if (!state.ok()) return state.status();
  for (mlir::Type type : (*state)->types)
    if (!mlir::cast<mlir::RankedTensorType>(type).hasStaticShape())
      return absl::InvalidArgumentError("horn." + std::string(name) + ": the result's shape is not known");
  mlir::Operation* op = mlir::Operation::create(**state);
  auto results =
      mlir::cast<horn::ReferenceOpInterface>(op).evaluate(llvm::ArrayRef<Array>(operands.data(), operands.size()));
  op->destroy();
  return results;
}

std::vector<std::string> op_names() {
  std::vector<std::string> names;
  for (mlir::RegisteredOperationName name : context()->getRegisteredOperations())
    if (name.getDialectNamespace() == "horn" && name.hasInterface<mlir::InferTypeOpInterface>())
      names.push_back(name.stripDialect().str());
  std::sort(names.begin(), names.end());
  return names;
}

bool is_differentiable(std::string_view name) {
  auto op = mlir::RegisteredOperationName::lookup("horn." + std::string(name), context());
  return op && op->hasInterface<horn::DifferentiableOpInterface>();
}

}  // namespace hornbeam::ir
