// Runs a function op by op with the reference evaluator.
#include <absl/strings/str_cat.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>

#include "ir/builder.h"
#include "ir/horn.h"
#include "ir/module_impl.h"
#include "ir/types.h"

namespace hornbeam::ir {

static std::string text(const Type& type) { return std::string(name_of(type.dtype)) + " " + type.shape.to_string(); }

absl::StatusOr<std::vector<Array>> evaluate_function(const Module& module, const std::string& name,
                                                     std::span<const Array> arguments) {
  auto function = module.impl().module->lookupSymbol<mlir::func::FuncOp>(name);
  if (!function) return absl::NotFoundError(absl::StrCat("No function ", name, " in the module"));
  if (function.getNumArguments() != arguments.size())
    return absl::InvalidArgumentError(absl::StrCat("Function ", name, " takes ", function.getNumArguments(),
                                                   " arguments. Received: ", arguments.size()));
  llvm::DenseMap<mlir::Value, Array> values;
  for (auto [i, argument] : llvm::enumerate(function.getArguments())) {
    Type expected = from_mlir(mlir::cast<mlir::RankedTensorType>(argument.getType()));
    const Array& array = arguments[i];
    if (Type{array.dtype(), array.shape()} != expected)
      return absl::InvalidArgumentError(absl::StrCat("Argument ", i, " of ", name, ": expected ", text(expected),
                                                     ". Received: ", text({array.dtype(), array.shape()})));
    values[argument] = array;
  }
  for (mlir::Operation& op : function.getBody().front()) {
    std::vector<Array> operands;
    for (mlir::Value operand : op.getOperands()) operands.push_back(values.lookup(operand));
    if (mlir::isa<mlir::func::ReturnOp>(op)) return operands;
    auto reference = mlir::dyn_cast<horn::ReferenceOpInterface>(op);
    if (!reference)
      return absl::UnimplementedError(absl::StrCat(op.getName().getStringRef().str(), " has no reference evaluation",
                                                   mlir::isa<horn::GradientOp>(op) ? ": expand gradients first" : ""));
    std::vector<Array> results = reference.evaluate(operands);
    for (auto [result, array] : llvm::zip_equal(op.getResults(), results)) values[result] = array;
  }
  return absl::InternalError(absl::StrCat("Function ", name, " does not return"));
}

}  // namespace hornbeam::ir
