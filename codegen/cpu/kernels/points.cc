#include "codegen/cpu/kernels/points.h"

#include <mlir/IR/IRMapping.h>

namespace hornbeam::codegen {

using mlir::Value;
namespace arith = mlir::arith;
namespace vector = mlir::vector;
namespace memref = mlir::memref;
namespace scf = mlir::scf;

Value Emitter::index(int64_t value) { return arith::ConstantIndexOp::create(b, loc, value); }

Value Emitter::add(Value a, Value c) { return arith::AddIOp::create(b, loc, a, c, arith::IntegerOverflowFlags::nsw); }

Value Emitter::mul(Value a, int64_t c) {
  if (c == 1) return a;
  return arith::MulIOp::create(b, loc, a, index(c), arith::IntegerOverflowFlags::nsw);
}

Value Emitter::minimum(Value a, Value c) { return arith::MinSIOp::create(b, loc, a, c); }

void Emitter::loop(Value begin, Value end, int64_t step, llvm::function_ref<void(Value)> body) {
  auto op = scf::ForOp::create(b, loc, begin, end, index(step));
  mlir::OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(op.getBody());
  body(op.getInductionVar());
}

void Emitter::loop(int64_t begin, int64_t end, int64_t step, llvm::function_ref<void(Value)> body) {
  if (begin >= end) return;
  if (begin + step >= end) return body(index(begin));
  loop(index(begin), index(end), step, body);
}

Emitter::Carried Emitter::loop(Value begin, Value end, int64_t step, mlir::ValueRange start,
                               llvm::function_ref<Carried(Value, mlir::ValueRange)> body) {
  auto op = scf::ForOp::create(b, loc, begin, end, index(step), start);
  mlir::OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(op.getBody());
  Carried next = body(op.getInductionVar(), op.getRegionIterArgs());
  scf::YieldOp::create(b, loc, next);
  return Carried(op.getResults());
}

void Emitter::nest(llvm::ArrayRef<int64_t> extents, llvm::function_ref<void(llvm::ArrayRef<Value>)> body) {
  Carried indices;
  std::function<void(size_t)> level = [&](size_t i) {
    if (i == extents.size()) return body(indices);
    loop(0, extents[i], 1, [&](Value at) {
      indices.push_back(at);
      level(i + 1);
      indices.pop_back();
    });
  };
  level(0);
}

Emitter::Carried Emitter::nest(llvm::ArrayRef<int64_t> extents, mlir::ValueRange start,
                               llvm::function_ref<Carried(llvm::ArrayRef<Value>, mlir::ValueRange)> body) {
  Carried indices;
  std::function<Carried(size_t, mlir::ValueRange)> level = [&](size_t i, mlir::ValueRange carried) -> Carried {
    if (i == extents.size()) return body(indices, carried);
    auto inner = [&](Value at, mlir::ValueRange now) {
      indices.push_back(at);
      Carried next = level(i + 1, now);
      indices.pop_back();
      return next;
    };
    if (extents[i] == 1) return inner(index(0), carried);
    return loop(index(0), index(extents[i]), 1, carried, inner);
  };
  return level(0, start);
}

void Emitter::when(Value condition, llvm::function_ref<void()> body) {
  auto op = scf::IfOp::create(b, loc, condition, /*withElseRegion=*/false);
  mlir::OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(op.thenBlock());
  body();
}

mlir::Type Emitter::sum_type(mlir::Type element) {
  auto type = llvm::dyn_cast<mlir::FloatType>(element);
  return type && type.getWidth() < 32 ? mlir::Type(mlir::Float32Type::get(element.getContext())) : element;
}

Value Emitter::to_float(Value value, mlir::Type element) {
  mlir::Type from = mlir::getElementTypeOrSelf(value.getType());
  if (from == element) return value;
  auto vector = llvm::dyn_cast<mlir::VectorType>(value.getType());
  mlir::Type to = vector ? mlir::Type(vector.clone(element)) : element;
  if (from.getIntOrFloatBitWidth() < element.getIntOrFloatBitWidth()) return arith::ExtFOp::create(b, loc, to, value);
  return arith::TruncFOp::create(b, loc, to, value);
}

mlir::Type Emitter::type_at(mlir::Type element, int64_t lanes, bool is_vector) {
  return is_vector ? mlir::VectorType::get({lanes}, element) : element;
}

Value Emitter::splat(Value scalar, int64_t lanes) {
  return vector::BroadcastOp::create(b, loc, mlir::VectorType::get({lanes}, scalar.getType()), scalar);
}

Value Emitter::zero(mlir::Type type) { return arith::ConstantOp::create(b, loc, b.getZeroAttr(type)); }

Value Emitter::mask(int64_t active, int64_t lanes) {
  if (active == lanes) return {};
  return vector::ConstantMaskOp::create(b, loc, mlir::VectorType::get({lanes}, b.getI1Type()),
                                        llvm::ArrayRef<int64_t>{active});
}

Value Emitter::position(const Points& points, llvm::ArrayRef<int64_t> factors) {
  Value sum;
  for (size_t axis = 0; axis + 1 < factors.size(); ++axis) {
    if (factors[axis] == 0) continue;
    Value term = mul(points.index[axis], factors[axis]);
    sum = sum ? add(sum, term) : term;
  }
  if (!sum) return index(factors.back());
  return add(sum, factors.back());
}

Value Emitter::load_vector(Value buffer, Value at, int64_t lanes, Value mask) {
  auto type = mlir::VectorType::get({lanes}, llvm::cast<mlir::MemRefType>(buffer.getType()).getElementType());
  if (!mask) return vector::LoadOp::create(b, loc, type, buffer, at);
  return vector::MaskedLoadOp::create(b, loc, type, buffer, mlir::ValueRange{at}, mask, zero(type));
}

Value Emitter::load_scalar(Value buffer, Value at) { return memref::LoadOp::create(b, loc, buffer, at); }

void Emitter::store_vector(Value value, Value buffer, Value at, Value mask) {
  if (mask)
    vector::MaskedStoreOp::create(b, loc, buffer, mlir::ValueRange{at}, mask, value);
  else
    vector::StoreOp::create(b, loc, value, buffer, mlir::ValueRange{at});
}

Value Emitter::lane_offsets(int64_t step, int64_t lanes) {
  auto type = mlir::VectorType::get({lanes}, b.getIndexType());
  return arith::MulIOp::create(b, loc, vector::StepOp::create(b, loc, type), splat(index(step), lanes));
}

Value Emitter::all_lanes(int64_t lanes, Value mask) {
  if (mask) return mask;
  return vector::ConstantMaskOp::create(b, loc, mlir::VectorType::get({lanes}, b.getI1Type()),
                                        llvm::ArrayRef<int64_t>{lanes});
}

Value Emitter::load_lanes(Value buffer, Value at, int64_t step, int64_t lanes, Value mask) {
  if (step == 0) return splat(load_scalar(buffer, at), lanes);
  if (step == 1) return load_vector(buffer, at, lanes, mask);
  auto type = mlir::VectorType::get({lanes}, llvm::cast<mlir::MemRefType>(buffer.getType()).getElementType());
  return vector::GatherOp::create(b, loc, type, buffer, mlir::ValueRange{at}, lane_offsets(step, lanes),
                                  all_lanes(lanes, mask), zero(type));
}

Value Emitter::load(Value buffer, llvm::ArrayRef<int64_t> access, const Points& points, bool boolean) {
  Value at = position(points, access);
  Value value = points.axis < 0 ? load_scalar(buffer, at)
                                : load_lanes(buffer, at, access[points.axis], points.lanes, points.mask);
  if (!boolean) return value;
  return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, value, zero(value.getType()));
}

void Emitter::store(Value value, Value buffer, llvm::ArrayRef<int64_t> access, const Points& points) {
  Value at = position(points, access);
  mlir::Type element = mlir::getElementTypeOrSelf(value.getType());
  if (element.isInteger(1))
    value = arith::ExtUIOp::create(b, loc, type_at(b.getI8Type(), points.lanes, points.axis >= 0), value);
  if (points.axis < 0) {
    memref::StoreOp::create(b, loc, value, buffer, at);
  } else if (int64_t step = access[points.axis]; step == 1) {
    store_vector(value, buffer, at, points.mask);
  } else {
    vector::ScatterOp::create(b, loc, /*result=*/mlir::Type(), buffer, mlir::ValueRange{at},
                              lane_offsets(step, points.lanes), all_lanes(points.lanes, points.mask), value);
  }
}

bool Emitter::is_table(mlir::BlockArgument parameter) {
  return llvm::any_of(parameter.getUsers(), [&](mlir::Operation* user) {
    auto element = llvm::dyn_cast<hk::ElementOp>(user);
    return element && element.getTable() == parameter;
  });
}

Value Emitter::uniform(Value vector) {
  mlir::Operation* op = vector.getDefiningOp();
  if (!op || op->getNumResults() != 1) return {};
  if (auto broadcast = llvm::dyn_cast<vector::BroadcastOp>(op))
    return llvm::isa<mlir::VectorType>(broadcast.getSource().getType()) ? Value() : broadcast.getSource();
  if (auto constant = llvm::dyn_cast<arith::ConstantOp>(op)) {
    auto elements = llvm::dyn_cast<mlir::SplatElementsAttr>(constant.getValue());
    if (!elements) return {};
    return arith::ConstantOp::create(b, loc, llvm::cast<mlir::TypedAttr>(elements.getSplatValue<mlir::Attribute>()));
  }
  if (!mlir::OpTrait::hasElementwiseMappableTraits(op)) return {};
  mlir::IRMapping mapping;
  for (Value operand : op->getOperands()) {
    Value scalar = uniform(operand);
    if (!scalar) return {};
    mapping.map(operand, scalar);
  }
  mlir::Operation* clone = b.clone(*op, mapping);
  clone->getResult(0).setType(mlir::getElementTypeOrSelf(vector.getType()));
  return clone->getResult(0);
}

// Where the index is the same in every lane, a row of a table lies in memory as any other.
Value Emitter::element(hk::ElementOp op, Value buffer, Value at_index, const Points& points) {
  llvm::ArrayRef<int64_t> factors = op.getFactors();
  int64_t stride = op.getStride();
  Value at = position(points, factors), value;
  Value scalar = points.axis < 0 ? at_index : uniform(at_index);
  if (scalar) {
    at = add(at, mul(arith::IndexCastOp::create(b, loc, b.getIndexType(), scalar), stride));
    value = points.axis < 0 ? load_scalar(buffer, at)
                            : load_lanes(buffer, at, factors[points.axis], points.lanes, points.mask);
  } else {
    auto indices = mlir::VectorType::get({points.lanes}, b.getIndexType());
    Value offsets = arith::MulIOp::create(b, loc, arith::IndexCastOp::create(b, loc, indices, at_index),
                                          splat(index(stride), points.lanes));
    if (int64_t step = factors[points.axis])
      offsets = arith::AddIOp::create(b, loc, offsets, lane_offsets(step, points.lanes));
    auto type = mlir::VectorType::get({points.lanes}, llvm::cast<mlir::MemRefType>(buffer.getType()).getElementType());
    value = vector::GatherOp::create(b, loc, type, buffer, mlir::ValueRange{at}, offsets,
                                     all_lanes(points.lanes, points.mask), zero(type));
  }
  if (!op.getResult().getType().isInteger(1)) return value;
  return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, value, zero(value.getType()));
}

Emitter::Carried Emitter::run(mlir::Region& region, mlir::ValueRange arguments, const Points& points) {
  mlir::Block& block = region.front();
  mlir::IRMapping mapping;
  for (auto [parameter, argument] : llvm::zip(block.getArguments(), arguments)) mapping.map(parameter, argument);
  bool on_vectors = points.axis >= 0;
  for (mlir::Operation& op : block.without_terminator()) {
    if (auto position_op = llvm::dyn_cast<hk::PositionOp>(op)) {
      llvm::ArrayRef<int64_t> factors = position_op.getFactors();
      Value at = arith::IndexCastOp::create(b, loc, b.getI32Type(), position(points, factors));
      if (on_vectors) {
        at = splat(at, points.lanes);
        if (factors[points.axis] != 0) {
          auto type = mlir::VectorType::get({points.lanes}, b.getI32Type());
          llvm::SmallVector<int32_t> offsets;
          for (int64_t lane = 0; lane < points.lanes; ++lane)
            offsets.push_back(static_cast<int32_t>(lane * factors[points.axis]));
          at = arith::AddIOp::create(b, loc, at,
                                     arith::ConstantOp::create(b, loc, mlir::DenseIntElementsAttr::get(type, offsets)));
        }
      }
      mapping.map(position_op.getResult(), at);
      continue;
    }
    if (auto element_op = llvm::dyn_cast<hk::ElementOp>(op)) {
      mapping.map(element_op.getResult(), element(element_op, mapping.lookup(element_op.getTable()),
                                                  mapping.lookup(element_op.getIndex()), points));
      continue;
    }
    if (auto constant = llvm::dyn_cast<arith::ConstantOp>(op); constant && on_vectors) {
      auto type = mlir::VectorType::get({points.lanes}, constant.getType());
      auto splat_attr = mlir::DenseElementsAttr::get(type, llvm::ArrayRef<mlir::Attribute>{constant.getValue()});
      mapping.map(constant.getResult(), arith::ConstantOp::create(b, loc, splat_attr));
      continue;
    }
    mlir::Operation* clone = b.clone(op, mapping);
    if (on_vectors)
      for (mlir::OpResult result : clone->getResults()) result.setType(type_at(result.getType(), points.lanes, true));
  }
  Carried yielded;
  for (Value value : block.getTerminator()->getOperands()) yielded.push_back(mapping.lookup(value));
  return yielded;
}

}  // namespace hornbeam::codegen
