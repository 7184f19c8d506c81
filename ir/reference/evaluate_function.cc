// Runs a function op by op with the reference evaluator.
#include <absl/strings/str_cat.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>

#include "ir/builder.h"
#include "ir/horn.h"
#include "ir/module_impl.h"
#include "ir/reference/evaluate_block.h"
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
  for (auto [i, argument] : llvm::enumerate(function.getArguments())) {
    Type expected = from_mlir(mlir::cast<mlir::RankedTensorType>(argument.getType()));
    const Array& array = arguments[i];
    if (Type{array.dtype(), array.shape()} != expected)
      return absl::InvalidArgumentError(absl::StrCat("Argument ", i, " of ", name, ": expected ", text(expected),
                                                     ". Received: ", text({array.dtype(), array.shape()})));
  }
  mlir::Operation* unknown = nullptr;
  function.getBody().walk([&](mlir::Operation* op) {
    if (!unknown && !mlir::isa<horn::ReferenceOpInterface>(op) && !op->hasTrait<mlir::OpTrait::IsTerminator>())
      unknown = op;
  });
  if (unknown)
    return absl::UnimplementedError(
        absl::StrCat(unknown->getName().getStringRef().str(), " has no reference evaluation",
                     mlir::isa<horn::GradientOp>(unknown) ? ": expand gradients first" : ""));
  return evaluate_block(function.front(), arguments);
}

}  // namespace hornbeam::ir
