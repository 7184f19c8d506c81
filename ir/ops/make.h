// Writes horn ops tersely, for vjps and decompositions.
#pragma once

#include "ir/horn.h"
#include "ir/ops/infer.h"

namespace hornbeam::horn {

struct Make {
  mlir::OpBuilder& builder;
  mlir::Location loc;

  template <typename Op, typename... Args>
  mlir::Value make(Args&&... args) const {
    return Op::create(builder, loc, std::forward<Args>(args)...).getResult();
  }

  mlir::Value add(mlir::Value x, mlir::Value y) const { return make<AddOp>(x, y); }
  mlir::Value sub(mlir::Value x, mlir::Value y) const { return make<SubtractOp>(x, y); }
  mlir::Value mul(mlir::Value x, mlir::Value y) const { return make<MultiplyOp>(x, y); }
  mlir::Value div(mlir::Value x, mlir::Value y) const { return make<DivideOp>(x, y); }
  mlir::Value neg(mlir::Value x) const { return make<NegativeOp>(x); }
  mlir::Value select(mlir::Value pred, mlir::Value a, mlir::Value b) const { return make<SelectOp>(pred, a, b); }
  mlir::Value reshape(mlir::Value x, Dims shape) const { return make<ReshapeOp>(x, shape); }
  mlir::Value transpose(mlir::Value x, Dims permutation) const { return make<TransposeOp>(x, permutation); }
  mlir::Value sum(mlir::Value x, Dims axes) const { return make<ReduceSumOp>(x, axes); }
  mlir::Value broadcast(mlir::Value x, Dims shape, Dims axes) const { return make<BroadcastOp>(x, shape, axes); }

  // A scalar constant of this element type (bool: not 0).
  mlir::Value scalar(mlir::Type element, double value) const;
  // The number in every element of a tensor of this shape: a scalar constant, broadcast.
  mlir::Value full(Dims shape, mlir::Type element, double value) const;
  mlir::Value full_like(mlir::Value like, double value) const { return full(dims(like), element(like), value); }
  mlir::Value zeros_like(mlir::Value like) const { return full_like(like, 0); }

  // Puts back axes that a reduction removed: `x` has the shape of a reduction of `shape` over `axes`.
  mlir::Value unreduce(mlir::Value x, Dims shape, Dims axes) const {
    return broadcast(x, shape, other_axes(static_cast<int64_t>(shape.size()), axes));
  }
};

}  // namespace hornbeam::horn
