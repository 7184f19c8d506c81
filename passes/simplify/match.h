// What simplification asks of values.
#pragma once

#include <optional>

#include "ir/horn.h"
#include "ir/ops/infer.h"
#include "ir/ops/make.h"

namespace hornbeam::passes::match {

// The attribute of a constant tensor; null if the value is none.
inline mlir::DenseElementsAttr constant_of(mlir::Value value) {
  auto op = value.getDefiningOp<horn::ConstantOp>();
  return op ? mlir::dyn_cast<mlir::DenseElementsAttr>(op.getValue()) : mlir::DenseElementsAttr();
}

// The scalar constant that every element of `value` equals, seen through broadcasts and reshapes; null if there is none.
inline mlir::Attribute splat_of(mlir::Value value) {
  while (mlir::isa_and_nonnull<horn::BroadcastOp, horn::ReshapeOp>(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  auto constant = constant_of(value);
  return constant && constant.isSplat() ? constant.getSplatValue<mlir::Attribute>() : mlir::Attribute();
}

// The splat as a number; nothing if there is none. An integer beyond 2^53 is none.
inline std::optional<double> splat_number(mlir::Value value) {
  mlir::Attribute splat = splat_of(value);
  if (auto real = mlir::dyn_cast_or_null<mlir::FloatAttr>(splat)) return real.getValueAsDouble();
  auto integer = mlir::dyn_cast_or_null<mlir::IntegerAttr>(splat);
  if (!integer) return std::nullopt;
  llvm::APInt bits = integer.getValue();
  bool is_signed = integer.getType().isSignlessInteger() && bits.getBitWidth() > 1;
  double number = is_signed ? bits.signedRoundToDouble() : bits.roundToDouble();
  if (std::abs(number) > 9007199254740992.0) return std::nullopt;
  return number;
}

inline bool is_splat(mlir::Value value, double number) {
  auto splat = splat_number(value);
  return splat && *splat == number && std::signbit(*splat) == std::signbit(number);
}

inline bool all_are(llvm::ArrayRef<int64_t> list, int64_t value) {
  return llvm::all_of(list, [=](int64_t x) { return x == value; });
}

// 0, 1, 2, …
inline bool is_identity(llvm::ArrayRef<int64_t> permutation) {
  for (size_t i = 0; i < permutation.size(); ++i)
    if (permutation[i] != static_cast<int64_t>(i)) return false;
  return true;
}

// A pattern on one op as a function: returns what replaces it, or null.
template <typename Op>
using Rule = mlir::Value (*)(Op op, const horn::Make& m);

template <typename Op>
class RulePattern : public mlir::OpRewritePattern<Op> {
 public:
  RulePattern(mlir::MLIRContext* context, Rule<Op> rule) : mlir::OpRewritePattern<Op>(context), rule_(rule) {}
  mlir::LogicalResult matchAndRewrite(Op op, mlir::PatternRewriter& rewriter) const override {
    mlir::Value value = rule_(op, horn::Make{rewriter, op.getLoc()});
    if (!value) return mlir::failure();
    rewriter.replaceOp(op, value);
    return mlir::success();
  }

 private:
  Rule<Op> rule_;
};

template <typename Op>
void add_rule(mlir::RewritePatternSet& patterns, Rule<Op> rule) {
  patterns.add<RulePattern<Op>>(patterns.getContext(), rule);
}

}  // namespace hornbeam::passes::match
