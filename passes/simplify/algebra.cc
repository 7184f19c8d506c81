// Algebra that holds exactly in floating point too, NaNs and signed zeros included: x + 0 is not x for x = -0, so it
// stays.
#include <cmath>

#include "passes/simplify/match.h"
#include "passes/simplify/simplify.h"

namespace hornbeam::passes {
namespace {

using namespace mlir;
using namespace match;
using horn::Make;

Value add(horn::AddOp op, const Make&) {
  for (auto [x, zero] : {std::pair{op.getX(), op.getY()}, std::pair{op.getY(), op.getX()}})
    if (horn::is_float(x) ? is_splat(zero, -0.0) : is_splat(zero, 0)) return x;
  return {};
}

Value subtract(horn::SubtractOp op, const Make& m) {
  if (is_splat(op.getY(), 0)) return op.getX();
  if (!horn::is_float(op.getX()) && op.getX() == op.getY())
    return m.zeros_like(op.getX());  // inf - inf is NaN, so ints alone
  if (auto negated = op.getY().getDefiningOp<horn::NegativeOp>()) return m.add(op.getX(), negated.getX());
  return {};
}

Value multiply(horn::MultiplyOp op, const Make& m) {
  for (auto [x, factor] : {std::pair{op.getX(), op.getY()}, std::pair{op.getY(), op.getX()}}) {
    if (is_splat(factor, 1)) return x;
    if (is_splat(factor, -1)) return m.neg(x);
    if (!horn::is_float(x) && is_splat(factor, 0)) return m.zeros_like(x);
  }
  return {};
}

Value divide(horn::DivideOp op, const Make& m) {
  auto divisor = splat_number(op.getY());
  if (!divisor) return {};
  if (*divisor == 1) return op.getX();
  // The reciprocal of a power of two is exact, and so is the product; kept away from the ends of float16's range.
  int exponent = 0;
  if (std::abs(std::frexp(*divisor, &exponent)) == 0.5 && std::abs(exponent) <= 12)
    return m.mul(op.getX(), m.full_like(op.getX(), 1 / *divisor));
  return {};
}

Value power(horn::PowerOp op, const Make& m) {
  if (!horn::is_float(op.getX())) return {};
  auto exponent = splat_number(op.getY());
  if (!exponent) return {};
  if (*exponent == 2) return m.mul(op.getX(), op.getX());
  if (*exponent == 1) return op.getX();
  if (*exponent == 0) return m.full_like(op.getX(), 1);
  if (*exponent == -1) return m.div(m.full_like(op.getX(), 1), op.getX());
  return {};
}

// f(f(x)) = x
template <typename Op>
Value involution(Op op, const Make&) {
  auto inner = op.getX().template getDefiningOp<Op>();
  return inner ? inner.getX() : Value();
}
// f(x, x) = x
template <typename Op>
Value idempotent(Op op, const Make&) {
  return op.getX() == op.getY() ? op.getX() : Value();
}

Value select(horn::SelectOp op, const Make& m) {
  if (op.getA() == op.getB()) return op.getA();
  if (auto pred = splat_number(op.getPred())) return *pred != 0 ? op.getA() : op.getB();
  if (auto inverse = op.getPred().getDefiningOp<horn::LogicalNotOp>())
    return m.select(inverse.getX(), op.getB(), op.getA());
  return {};
}

// Whether every value of `from` is one of `to`.
bool holds(mlir::Type to, mlir::Type from) {
  auto wide = dyn_cast<FloatType>(to), narrow = dyn_cast<FloatType>(from);
  if (wide && narrow)
    return wide.getFPMantissaWidth() >= narrow.getFPMantissaWidth() &&
           wide.getWidth() > narrow.getWidth();  // float16 and bfloat16 do not hold each other
  return from.isInteger(1);
}

Value cast(horn::CastOp op, const Make&) {
  if (op.getX().getType() == op.getResult().getType()) return op.getX();
  auto inner = op.getX().getDefiningOp<horn::CastOp>();
  bool there_and_back = inner && inner.getX().getType() == op.getResult().getType();
  return there_and_back && holds(horn::element(op.getX()), horn::element(inner.getX())) ? inner.getX() : Value();
}

Value stop_gradient(horn::StopGradientOp op, const Make&) { return op.getX(); }

}  // namespace

void add_algebra_patterns(RewritePatternSet& patterns) {
  match::add_rule<horn::AddOp>(patterns, add);
  match::add_rule<horn::SubtractOp>(patterns, subtract);
  match::add_rule<horn::MultiplyOp>(patterns, multiply);
  match::add_rule<horn::DivideOp>(patterns, divide);
  match::add_rule<horn::PowerOp>(patterns, power);
  match::add_rule<horn::NegativeOp>(patterns, involution<horn::NegativeOp>);
  match::add_rule<horn::LogicalNotOp>(patterns, involution<horn::LogicalNotOp>);
  match::add_rule<horn::MaximumOp>(patterns, idempotent<horn::MaximumOp>);
  match::add_rule<horn::MinimumOp>(patterns, idempotent<horn::MinimumOp>);
  match::add_rule<horn::LogicalAndOp>(patterns, idempotent<horn::LogicalAndOp>);
  match::add_rule<horn::LogicalOrOp>(patterns, idempotent<horn::LogicalOrOp>);
  match::add_rule<horn::SelectOp>(patterns, select);
  match::add_rule<horn::CastOp>(patterns, cast);
}

void add_stop_gradient_pattern(RewritePatternSet& patterns) {
  match::add_rule<horn::StopGradientOp>(patterns, stop_gradient);
}

}  // namespace hornbeam::passes
