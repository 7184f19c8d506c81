#include "ir/reference/evaluate_block.h"

#include "ir/horn.h"

namespace hornbeam::ir {

std::vector<Array> evaluate_block(mlir::Block& block, std::span<const Array> arguments) {
  llvm::DenseMap<mlir::Value, Array> values;
  for (auto [argument, array] : llvm::zip_equal(block.getArguments(), arguments)) values[argument] = array;
  auto operands_of = [&](mlir::Operation& op) {
    std::vector<Array> operands;
    for (mlir::Value operand : op.getOperands()) operands.push_back(values.lookup(operand));
    return operands;
  };
  for (mlir::Operation& op : block.without_terminator()) {
    std::vector<Array> results = mlir::cast<horn::ReferenceOpInterface>(op).evaluate(operands_of(op));
    for (auto [result, array] : llvm::zip_equal(op.getResults(), results)) values[result] = array;
  }
  return operands_of(*block.getTerminator());
}

}  // namespace hornbeam::ir
