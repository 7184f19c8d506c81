// scan, cond and while: what a well-formed one is, and their reference evaluation. Gradients: control_gradient.cc.
#include <cstring>

#include "ir/horn.h"
#include "ir/ops/infer.h"
#include "ir/reference/evaluate_block.h"

namespace hornbeam::horn {

using namespace mlir;

namespace {

// Whether the region takes arguments of these types and ends with a yield of those.
LogicalResult check_body(Operation* op, Region& region, TypeRange arguments, TypeRange yields, const char* what) {
  Block& body = region.front();
  if (!isa<YieldOp>(body.getTerminator())) return op->emitOpError("the region must end with horn.yield");
  if (body.getArgumentTypes() != arguments)
    return op->emitOpError("the region's arguments must have the types of the operands");
  TypeRange yielded = body.getTerminator()->getOperandTypes();
  if (yielded.size() != yields.size())
    return op->emitOpError("expected ") << yields.size() << " " << what << ". Received: " << yielded.size();
  for (auto [i, types] : llvm::enumerate(llvm::zip_equal(yielded, yields)))
    if (std::get<0>(types) != std::get<1>(types))
      return op->emitOpError("expected ") << std::get<1>(types) << " for number " << i << " of the " << what
                                          << ", as it came in. Received: " << std::get<0>(types);
  return success();
}

SmallVector<Type> types_of(std::initializer_list<ValueRange> lists) {
  SmallVector<Type> types;
  for (ValueRange list : lists) llvm::append_range(types, list.getTypes());
  return types;
}

RankedTensorType slice_type(Type stacked) {
  return RankedTensorType::get(tensor(stacked).getShape().drop_front(), tensor(stacked).getElementType());
}

// `n` results, carried ones, then outputs.
SmallVector<Array> concatenated(ArrayRef<Array> carried, ArrayRef<Array> others) {
  SmallVector<Array> all(carried);
  all.append(others.begin(), others.end());
  return all;
}

}  // namespace

// ---- scan
LogicalResult ScanOp::verifyRegions() {
  int64_t length = getLength();
  if (length < 1) return emitOpError("length must be at least 1. Received: length=") << length;
  SmallVector<Type> arguments(getInit().getTypes());
  for (Value xs : getXs()) {
    if (rank(xs) == 0 || dims(xs)[0] != length)
      return emitOpError("axis 0 of what is scanned must have the length ")
             << length << ". Received: shape=" << text(xs);
    arguments.push_back(slice_type(xs.getType()));
  }
  llvm::append_range(arguments, getInvariants().getTypes());
  size_t carried = getInit().size();
  if (getOutputs().size() < carried) return emitOpError("has fewer results than carried values");
  SmallVector<Type> yields(getInit().getTypes());
  for (Value output : stacked()) {
    if (rank(output) == 0 || dims(output)[0] != length)
      return emitOpError("axis 0 of an output must have the length ") << length << ". Received: shape=" << text(output);
    yields.push_back(slice_type(output.getType()));
  }
  if (getOutputs().take_front(carried).getTypes() != getInit().getTypes())
    return emitOpError("the first results must have the types of the initial values");
  return check_body(*this, getBody(), arguments, yields, "carried values and outputs");
}

std::vector<Array> ScanOp::evaluate(ArrayRef<Array> in) {
  size_t carried = getInit().size(), scanned = getXs().size();
  int64_t length = getLength();
  SmallVector<Array> carries(in.take_front(carried));
  std::vector<Array> results;
  for (Value output : stacked()) results.emplace_back(ir::dtype_of(output.getType()), ir::shape_of(output.getType()));
  for (int64_t step = 0; step < length; ++step) {
    int64_t at = getReverse() ? length - 1 - step : step;
    SmallVector<Array> arguments = carries;
    for (const Array& xs : in.slice(carried, scanned)) {
      Array row = xs.rows(at, at + 1);
      arguments.push_back(row.reshaped(Shape(std::vector<int64_t>(xs.shape().begin() + 1, xs.shape().end()))));
    }
    arguments.append(in.begin() + carried + scanned, in.end());
    std::vector<Array> yielded = ir::evaluate_block(getBody().front(), arguments);
    carries.assign(yielded.begin(), yielded.begin() + carried);
    for (auto [output, row] : llvm::zip_equal(results, ArrayRef(yielded).drop_front(carried)))
      std::memcpy(static_cast<char*>(output.mutable_data()) + at * row.bytes(), row.data(), row.bytes());
  }
  results.insert(results.begin(), carries.begin(), carries.end());
  return results;
}

// ---- cond
LogicalResult CondOp::verifyRegions() {
  if (rank(getPred()) != 0 || !element(getPred()).isInteger(1))
    return emitOpError("the predicate must be a boolean scalar. Received: shape=") << text(getPred());
  for (Region* region : {&getThenBody(), &getElseBody()})
    if (failed(check_body(*this, *region, getArgs().getTypes(), getOutputs().getTypes(), "results"))) return failure();
  return success();
}

std::vector<Array> CondOp::evaluate(ArrayRef<Array> in) {
  Region& taken = in[0].get_int(0) ? getThenBody() : getElseBody();
  return ir::evaluate_block(taken.front(), in.drop_front());
}

// ---- while
LogicalResult WhileOp::verifyRegions() {
  SmallVector<Type> arguments = types_of({getInit(), getInvariants()});
  Type boolean = RankedTensorType::get({}, IntegerType::get(getContext(), 1));
  if (getOutputs().getTypes() != getInit().getTypes())
    return emitOpError("the results must have the types of the initial values");
  if (failed(check_body(*this, getCondition(), arguments, boolean, "values of the condition"))) return failure();
  return check_body(*this, getBody(), arguments, getInit().getTypes(), "carried values");
}

std::vector<Array> WhileOp::evaluate(ArrayRef<Array> in) {
  size_t carried = getInit().size();
  SmallVector<Array> carries(in.take_front(carried));
  ArrayRef<Array> invariants = in.drop_front(carried);
  while (ir::evaluate_block(getCondition().front(), concatenated(carries, invariants))[0].get_int(0)) {
    std::vector<Array> next = ir::evaluate_block(getBody().front(), concatenated(carries, invariants));
    carries.assign(next.begin(), next.end());
  }
  return {carries.begin(), carries.end()};
}

}  // namespace hornbeam::horn
