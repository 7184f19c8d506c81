// Writes arithmetic on one float32 type, a scalar or a vector of any rank, so that an expansion reads like its formula.
#pragma once

#include <cstdint>
#include <initializer_list>

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>
#include <mlir/IR/Builders.h>

namespace hornbeam::codegen {

class MathEmitter {
 public:
  using Value = mlir::Value;

  // `like` is of the type to compute in.
  MathEmitter(mlir::OpBuilder& builder, mlir::Location loc, Value like) : b_(builder), loc_(loc), type_(like.getType()) {
    int_type_ = b_.getI32Type();
    if (auto vector = mlir::dyn_cast<mlir::VectorType>(type_)) int_type_ = vector.clone(int_type_);
  }

  Value constant(float value) { return splat(type_, b_.getF32FloatAttr(value)); }
  Value int_constant(int32_t value) { return splat(int_type_, b_.getI32IntegerAttr(value)); }

  Value add(Value x, Value y) { return binary<mlir::arith::AddFOp>(x, y); }
  Value sub(Value x, Value y) { return binary<mlir::arith::SubFOp>(x, y); }
  Value mul(Value x, Value y) { return binary<mlir::arith::MulFOp>(x, y); }
  Value div(Value x, Value y) { return binary<mlir::arith::DivFOp>(x, y); }
  Value neg(Value x) { return mlir::arith::NegFOp::create(b_, loc_, x); }
  Value abs(Value x) { return mlir::math::AbsFOp::create(b_, loc_, x); }
  Value sqrt(Value x) { return mlir::math::SqrtOp::create(b_, loc_, x); }
  Value copysign(Value magnitude, Value sign) { return mlir::math::CopySignOp::create(b_, loc_, magnitude, sign); }
  // x * y + z, with one rounding.
  Value fma(Value x, Value y, Value z) { return mlir::math::FmaOp::create(b_, loc_, x, y, z); }

  Value bits(Value x) { return mlir::arith::BitcastOp::create(b_, loc_, int_type_, x); }
  Value from_bits(Value x) { return mlir::arith::BitcastOp::create(b_, loc_, type_, x); }
  Value iadd(Value x, Value y) { return mlir::arith::AddIOp::create(b_, loc_, x, y); }
  Value isub(Value x, Value y) { return mlir::arith::SubIOp::create(b_, loc_, x, y); }
  Value iand(Value x, Value y) { return mlir::arith::AndIOp::create(b_, loc_, x, y); }
  Value ixor(Value x, Value y) { return mlir::arith::XOrIOp::create(b_, loc_, x, y); }
  Value shift_left(Value x, int bits) { return mlir::arith::ShLIOp::create(b_, loc_, x, int_constant(bits)); }
  Value shift_right(Value x, int bits) { return mlir::arith::ShRSIOp::create(b_, loc_, x, int_constant(bits)); }
  Value to_float(Value x) { return mlir::arith::SIToFPOp::create(b_, loc_, type_, x); }

  // Comparisons are ordered: false for NaN.
  Value less(Value x, Value y) { return compare(mlir::arith::CmpFPredicate::OLT, x, y); }
  Value greater(Value x, Value y) { return compare(mlir::arith::CmpFPredicate::OGT, x, y); }
  Value equal(Value x, Value y) { return compare(mlir::arith::CmpFPredicate::OEQ, x, y); }
  Value nonzero(Value x) {
    return mlir::arith::CmpIOp::create(b_, loc_, mlir::arith::CmpIPredicate::ne, x, int_constant(0));
  }
  Value select(Value condition, Value x, Value y) { return mlir::arith::SelectOp::create(b_, loc_, condition, x, y); }
  // The bound where x is beyond it; NaN stays NaN.
  Value at_most(Value x, float bound) { return select(greater(x, constant(bound)), constant(bound), x); }
  Value at_least(Value x, float bound) { return select(less(x, constant(bound)), constant(bound), x); }

  // c[0] + c[1] x + c[2] x^2 + …
  Value polynomial(Value x, std::initializer_list<float> c) {
    auto it = std::rbegin(c);
    Value sum = constant(*it);
    while (++it != std::rend(c)) sum = fma(sum, x, constant(*it));
    return sum;
  }

  mlir::OpBuilder& builder() { return b_; }
  mlir::Location loc() const { return loc_; }
  mlir::Type type() const { return type_; }

 private:
  Value splat(mlir::Type type, mlir::TypedAttr value) {
    if (auto vector = mlir::dyn_cast<mlir::VectorType>(type)) value = mlir::DenseElementsAttr::get(vector, mlir::Attribute(value));
    return mlir::arith::ConstantOp::create(b_, loc_, value);
  }
  // No `contract` here: where an expansion wants a fused multiply-add, it says so.
  template <typename Op>
  Value binary(Value x, Value y) {
    return Op::create(b_, loc_, x, y);
  }
  Value compare(mlir::arith::CmpFPredicate predicate, Value x, Value y) {
    return mlir::arith::CmpFOp::create(b_, loc_, predicate, x, y);
  }

  mlir::OpBuilder& b_;
  mlir::Location loc_;
  mlir::Type type_, int_type_;
};

}  // namespace hornbeam::codegen
