// Runs the ops of a block with the reference evaluator: a function's body, or the region of a control op.
#pragma once

#include <span>
#include <vector>

#include <hornbeam/base/array.h>
#include <mlir/IR/Block.h>

namespace hornbeam::ir {

// What the block's terminator gives for these values of its arguments. Every op in it must have a reference evaluation.
std::vector<Array> evaluate_block(mlir::Block& block, std::span<const Array> arguments);

}  // namespace hornbeam::ir
