#include "passes/lowering/region.h"

namespace hornbeam::passes {

using mlir::Value;
namespace arith = mlir::arith;

mlir::Type register_type(mlir::Type element) {
  if (auto integer = llvm::dyn_cast<mlir::IntegerType>(element))
    return mlir::IntegerType::get(element.getContext(), integer.getWidth());
  return element;
}

mlir::Type stored_type(mlir::Type element) {
  if (element.isInteger(1)) return mlir::IntegerType::get(element.getContext(), 8);
  return register_type(element);
}

int64_t elements_of(mlir::Type tensor) { return llvm::cast<mlir::RankedTensorType>(tensor).getNumElements(); }

mlir::MemRefType flat_buffer(mlir::Type tensor) {
  return mlir::MemRefType::get({elements_of(tensor)}, stored_type(mlir::getElementTypeOrSelf(tensor)));
}

int64_t units_for_copy(int64_t n, const Target& target) {
  return target.threads > 1 && n > 1 && n * 16 >= target.work_worth_sharing ? target.threads : 1;
}

RegionBuilder::RegionBuilder(mlir::Location loc, size_t rank, llvm::ArrayRef<mlir::Type> computed, const Plan& plan,
                             Buffers& buffers)
    : loc_(loc),
      rank_(rank),
      plan_(plan),
      buffers_(buffers),
      region_(std::make_unique<mlir::Region>()),
      builder_(loc.getContext()),
      computed_(computed.size()) {
  mlir::Block* block = new mlir::Block;
  region_->push_back(block);
  for (mlir::Type type : computed) block->addArgument(type, loc);
  builder_.setInsertionPointToStart(block);
}

RegionBuilder::~RegionBuilder() = default;

void RegionBuilder::expect_out(Value buffer, const Linear& at) {
  for (const Operand& out : outs_)
    if (out.buffer == buffer && out.at == at) return;
  outs_.push_back({buffer, at, {}, {}});
}

void RegionBuilder::write(Value value, Value buffer, const Linear& at) {
  for (Operand& out : outs_)
    if (out.buffer == buffer && out.at == at && !out.yielded) {
      out.yielded = value;
      return;
    }
  outs_.push_back({buffer, at, {}, value});
}

Value RegionBuilder::read_buffer(Value buffer, const Linear& at, mlir::Type element) {
  // Values are read through placeholders (block arguments), which take() puts in order.
  for (auto* list : {&outs_, &extras_})
    for (Operand& operand : *list)
      if (operand.buffer == buffer && operand.at == at && !operand.table) {
        if (!operand.value) operand.value = block().addArgument(register_type(element), loc_);
        return operand.value;
      }
  extras_.push_back({buffer, at, block().addArgument(register_type(element), loc_), {}});
  return extras_.back().value;
}

Value RegionBuilder::position(const Linear& at) {
  return hk::PositionOp::create(builder_, loc_, builder_.getI32Type(), builder_.getDenseI64ArrayAttr(at));
}

Value RegionBuilder::read(Value value, const Access& access) {
  if (Value known = bound_.lookup(value)) return known;
  mlir::Type element = mlir::getElementTypeOrSelf(value.getType());
  mlir::Type type = register_type(element);
  if (mlir::TypedAttr splat = splat_of(value)) {
    if (auto integer = llvm::dyn_cast<mlir::IntegerAttr>(splat))
      splat = mlir::IntegerAttr::get(type, integer.getValue());
    return arith::ConstantOp::create(builder_, loc_, splat);
  }
  if (is_moved(value, plan_)) return read_moved(value, access);
  Plan::Place place = plan_.place_of(value, access, rank_);
  return read_buffer(buffers_.of(place.value), place.at, element);
}

Value RegionBuilder::read_moved(Value value, const Access& access) {
  if (auto source = look_through(value, access, rank_)) return read(source->value, source->access);
  mlir::Type element = mlir::getElementTypeOrSelf(value.getType());
  if (auto iota = value.getDefiningOp<horn::IotaOp>()) {
    mlir::Type type = register_type(element);
    Value at = position(access.axes[iota.getAxis()]);
    if (llvm::isa<mlir::FloatType>(type)) return arith::SIToFPOp::create(builder_, loc_, type, at);
    if (type.getIntOrFloatBitWidth() > 32) return arith::ExtSIOp::create(builder_, loc_, type, at);
    if (type.getIntOrFloatBitWidth() < 32) return arith::TruncIOp::create(builder_, loc_, type, at);
    return at;
  }
  if (splat_of(value)) return read(value, access);
  // A reshape of a value in memory: the same flat index.
  return read_buffer(buffers_.of(stored(value)), access.flatten(dims_of(value), rank_), element);
}

mlir::LogicalResult RegionBuilder::compute(mlir::Operation* op, const Access& access) {
  Value result = op->getResult(0);
  if (auto uniform = llvm::dyn_cast<horn::RandomUniformOp>(op)) {
    bind(result, random(uniform, access.flatten(dims_of(result), rank_)));
    return mlir::success();
  }
  if (auto take_op = llvm::dyn_cast<horn::TakeOp>(op)) {
    bind(result, take(take_op, access));
    return mlir::success();
  }
  llvm::SmallVector<Value> scalars;
  for (Value operand : op->getOperands()) scalars.push_back(read(operand, access));
  Value scalar = llvm::cast<horn::ElementwiseOpInterface>(op).emit_scalar(builder_, loc_, scalars);
  if (!scalar) return op->emitError("cannot be computed on elements of ") << op->getOperand(0).getType();
  bind(result, scalar);
  return mlir::success();
}

Value RegionBuilder::table(Value buffer, mlir::Type element) {
  for (Operand& extra : extras_)
    if (extra.buffer == buffer && extra.table) return extra.value;
  extras_.push_back({buffer, Linear(rank_ + 1, 0), block().addArgument(register_type(element), loc_), {}, true});
  return extras_.back().value;
}

Value RegionBuilder::take(horn::TakeOp op, const Access& access) {
  llvm::ArrayRef<int64_t> dims = dims_of(op.getX());
  int64_t axis = op.getAxis(), stride = 1;
  for (int64_t dim : dims.drop_front(axis + 1)) stride *= dim;
  mlir::Type i64 = builder_.getI64Type();
  Value index = read(op.getIndices(), index_access(op, access));
  Value last = arith::ConstantOp::create(builder_, loc_, builder_.getI64IntegerAttr(dims[axis] - 1));
  bool narrow = index.getType().getIntOrFloatBitWidth() < 64;
  if (mlir::getElementTypeOrSelf(op.getIndices().getType()).isUnsignedInteger()) {
    if (narrow) index = arith::ExtUIOp::create(builder_, loc_, i64, index);
    index = arith::MinUIOp::create(builder_, loc_, index, last);
  } else {
    if (narrow) index = arith::ExtSIOp::create(builder_, loc_, i64, index);
    Value zero = arith::ConstantOp::create(builder_, loc_, builder_.getI64IntegerAttr(0));
    index = arith::MinSIOp::create(builder_, loc_, arith::MaxSIOp::create(builder_, loc_, index, zero), last);
  }
  mlir::Type element = mlir::getElementTypeOrSelf(op.getX().getType());
  Linear factors = table_access(op, access).flatten(dims, rank_);
  return hk::ElementOp::create(builder_, loc_, register_type(element), table(buffers_.of(stored(op.getX())), element),
                               index, factors, stride);
}

// Philox 4x32-10 on the element's number; see hornbeam/base/philox.h.
Value RegionBuilder::random(horn::RandomUniformOp op, const Linear& at) {
  mlir::Type i32 = builder_.getI32Type();
  auto word = [&](uint32_t value) -> Value {
    return arith::ConstantOp::create(builder_, loc_, builder_.getIntegerAttr(i32, static_cast<int32_t>(value)));
  };
  Linear first(rank_ + 1, 0), second(rank_ + 1, 0);
  second.back() = 1;
  Value seed = buffers_.of(stored(op.getSeed()));
  mlir::Type element = mlir::getElementTypeOrSelf(op.getSeed().getType());
  Value key[2] = {read_buffer(seed, first, element), read_buffer(seed, second, element)};
  Value counter[4] = {position(at), word(0), word(0), word(0)};
  for (int round = 0; round < 10; ++round) {
    auto p0 = arith::MulUIExtendedOp::create(builder_, loc_, word(0xD2511F53u), counter[0]);
    auto p1 = arith::MulUIExtendedOp::create(builder_, loc_, word(0xCD9E8D57u), counter[2]);
    auto mix = [&](Value a, Value b, Value c) -> Value {
      return arith::XOrIOp::create(builder_, loc_, arith::XOrIOp::create(builder_, loc_, a, b), c);
    };
    Value next[4] = {mix(p1.getHigh(), counter[1], key[0]), p1.getLow(), mix(p0.getHigh(), counter[3], key[1]),
                     p0.getLow()};
    std::copy(next, next + 4, counter);
    key[0] = arith::AddIOp::create(builder_, loc_, key[0], word(0x9E3779B9u));
    key[1] = arith::AddIOp::create(builder_, loc_, key[1], word(0xBB67AE85u));
  }
  Value bits = arith::ShRUIOp::create(builder_, loc_, counter[0], word(8));
  Value scale = arith::ConstantOp::create(builder_, loc_, builder_.getF32FloatAttr(0x1p-24f));
  return arith::MulFOp::create(builder_, loc_, arith::SIToFPOp::create(builder_, loc_, builder_.getF32Type(), bits),
                               scale);
}

RegionBuilder::Parts RegionBuilder::take() {
  Parts parts;
  llvm::SmallVector<mlir::Attribute> access;
  llvm::SmallVector<Value> yielded;
  llvm::SmallVector<std::pair<Value, mlir::Type>>
      order;  // the placeholder of each operand, or the type of an unread one
  for (const Operand& extra : extras_) {
    parts.extras.push_back(extra.buffer);
    access.push_back(builder_.getDenseI64ArrayAttr(extra.at));
    order.push_back({extra.value, extra.value.getType()});
  }
  for (const Operand& out : outs_) {
    parts.outs.push_back(out.buffer);
    access.push_back(builder_.getDenseI64ArrayAttr(out.at));
    order.push_back({out.value, out.yielded.getType()});
    yielded.push_back(out.yielded);
  }
  mlir::Block& b = block();
  unsigned placeholders = b.getNumArguments() - computed_;
  for (auto [value, type] : order) {
    mlir::BlockArgument argument = b.addArgument(type, loc_);
    if (value) value.replaceAllUsesWith(argument);
    for (Value& out : yielded)
      if (value && out == value) out = argument;
  }
  b.eraseArguments(computed_, placeholders);
  parts.operations = std::distance(b.begin(), b.end());
  hk::YieldOp::create(builder_, loc_, yielded);
  parts.access = builder_.getArrayAttr(access);
  parts.region = std::move(region_);
  return parts;
}

RegionBuilder::Parts RegionBuilder::take_body(Value value) {
  Parts parts;
  llvm::SmallVector<mlir::Attribute> access;
  for (const Operand& extra : extras_) {
    parts.extras.push_back(extra.buffer);
    access.push_back(builder_.getDenseI64ArrayAttr(extra.at));
  }
  parts.operations = std::distance(block().begin(), block().end());
  hk::YieldOp::create(builder_, loc_, value);
  parts.access = builder_.getArrayAttr(access);
  parts.region = std::move(region_);
  return parts;
}

}  // namespace hornbeam::passes
