// Builds arith and math ops on scalars, or on vectors of them, for emit_scalar.
#pragma once

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/IR/Builders.h>
#include <mlir/IR/TypeUtilities.h>

namespace hornbeam::horn {

struct Emit {
  mlir::OpBuilder& builder;
  mlir::Location loc;

  template <typename Op, typename... Args>
  mlir::Value make(Args... args) const {
    return Op::create(builder, loc, args...);
  }

  static mlir::Type element(mlir::Value value) { return mlir::getElementTypeOrSelf(value.getType()); }
  static bool is_float(mlir::Value value) { return mlir::isa<mlir::FloatType>(element(value)); }
  static mlir::Type with_element(mlir::Type like, mlir::Type element) {
    if (auto vector = mlir::dyn_cast<mlir::VectorType>(like)) return vector.clone(element);
    return element;
  }

  // A constant of this type: a splat where it is a vector.
  mlir::Value splat(mlir::Type type, mlir::TypedAttr value) const {
    if (auto vector = mlir::dyn_cast<mlir::VectorType>(type))
      return make<mlir::arith::ConstantOp>(mlir::TypedAttr(mlir::DenseElementsAttr::get(vector, mlir::Attribute(value))));
    return make<mlir::arith::ConstantOp>(value);
  }
  mlir::Value real(mlir::Type type, double value) const {
    return splat(type, builder.getFloatAttr(mlir::getElementTypeOrSelf(type), value));
  }
  mlir::Value integer(mlir::Type type, int64_t value) const {
    return splat(type, builder.getIntegerAttr(mlir::getElementTypeOrSelf(type), value));
  }
  // `value` in like's type.
  mlir::Value number(mlir::Value like, double value) const {
    return is_float(like) ? real(like.getType(), value) : integer(like.getType(), static_cast<int64_t>(value));
  }

  mlir::Value compare(mlir::arith::CmpFPredicate predicate, mlir::Value x, mlir::Value y) const {
    return make<mlir::arith::CmpFOp>(predicate, x, y);
  }
  mlir::Value compare(mlir::arith::CmpIPredicate predicate, mlir::Value x, mlir::Value y) const {
    return make<mlir::arith::CmpIOp>(predicate, x, y);
  }
  mlir::Value select(mlir::Value pred, mlir::Value a, mlir::Value b) const {
    return make<mlir::arith::SelectOp>(pred, a, b);
  }
};

}  // namespace hornbeam::horn
