// Elementwise ops of one operand, and cast: scalar form, vjp and reference side by side.
#include "ir/horn.h"
#include "ir/ops/emit.h"
#include "ir/ops/make.h"
#include "ir/ops/reference.h"

namespace hornbeam::horn {

using namespace mlir;
using Arrays = std::vector<Array>;
using In = llvm::ArrayRef<Array>;
using Grads = llvm::SmallVectorImpl<Value>;
using FloatIs = arith::CmpFPredicate;
using IntIs = arith::CmpIPredicate;

// ---- negative
Value NegativeOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  Emit e{b, loc};
  return e.is_float(s[0]) ? e.make<arith::NegFOp>(s[0]) : e.make<arith::SubIOp>(e.number(s[0], 0), s[0]);
}
void NegativeOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) { grads.push_back(Make{b, getLoc()}.neg(g[0])); }
Arrays NegativeOp::evaluate(In in) {
  return map(in[0], [](auto x) { return -wrapping(x); });
}

// ---- abs
Value AbsOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  Emit e{b, loc};
  if (e.is_float(s[0])) return e.make<math::AbsFOp>(s[0]);
  return element(getX()).isUnsignedInteger() ? s[0] : e.make<math::AbsIOp>(s[0]);
}
void AbsOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  grads.push_back(m.mul(g[0], m.make<SignOp>(getX())));
}
Arrays AbsOp::evaluate(In in) {
  return map(in[0], [](auto x) {
    if constexpr (std::is_same_v<decltype(x), double>)
      return std::fabs(x);
    else
      return std::is_signed_v<decltype(x)> && static_cast<int64_t>(x) < 0 ? -wrapping(x) : wrapping(x);
  });
}

// ---- sign
Value SignOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  Emit e{b, loc};
  Value zero = e.number(s[0], 0), one = e.number(s[0], 1);
  if (e.is_float(s[0])) {
    Value signed_one = e.make<math::CopySignOp>(one, s[0]);
    // UEQ … is true of zeros and NaNs, which stand for themselves.
    return e.select(e.compare(FloatIs::UEQ, s[0], zero), s[0], signed_one);
  }
  Value not_zero = e.select(e.compare(IntIs::eq, s[0], zero), zero, one);
  if (element(getX()).isUnsignedInteger()) return not_zero;
  return e.select(e.compare(IntIs::slt, s[0], zero), e.number(s[0], -1), not_zero);
}
void SignOp::vjp(OpBuilder&, ValueRange, Grads& grads) { grads.push_back({}); }
Arrays SignOp::evaluate(In in) {
  return map(in[0], [](auto x) { return x > 0 ? decltype(x)(1) : x < 0 ? decltype(x)(-1) : x; });
}

// ---- exp
Value ExpOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) { return Emit{b, loc}.make<math::ExpOp>(s[0]); }
void ExpOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) { grads.push_back(Make{b, getLoc()}.mul(g[0], getResult())); }
Arrays ExpOp::evaluate(In in) {
  return map(in[0], [](double x) { return std::exp(x); });
}

// ---- expm1
Value Expm1Op::emit_scalar(OpBuilder& b, Location loc, ValueRange s) { return Emit{b, loc}.make<math::ExpM1Op>(s[0]); }
void Expm1Op::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  grads.push_back(m.mul(g[0], m.add(getResult(), m.full_like(getX(), 1))));
}
Arrays Expm1Op::evaluate(In in) {
  return map(in[0], [](double x) { return std::expm1(x); });
}

// ---- log
Value LogOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) { return Emit{b, loc}.make<math::LogOp>(s[0]); }
void LogOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) { grads.push_back(Make{b, getLoc()}.div(g[0], getX())); }
Arrays LogOp::evaluate(In in) {
  return map(in[0], [](double x) { return std::log(x); });
}

// ---- log1p
Value Log1pOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) { return Emit{b, loc}.make<math::Log1pOp>(s[0]); }
void Log1pOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  grads.push_back(m.div(g[0], m.add(getX(), m.full_like(getX(), 1))));
}
Arrays Log1pOp::evaluate(In in) {
  return map(in[0], [](double x) { return std::log1p(x); });
}

// ---- sqrt
Value SqrtOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) { return Emit{b, loc}.make<math::SqrtOp>(s[0]); }
void SqrtOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  grads.push_back(m.div(m.mul(g[0], m.full_like(getX(), 0.5)), getResult()));
}
Arrays SqrtOp::evaluate(In in) {
  return map(in[0], [](double x) { return std::sqrt(x); });
}

// ---- rsqrt
Value RsqrtOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  Emit e{b, loc};  // a division and a square root, rounded as such: no approximate instruction
  return e.make<arith::DivFOp>(e.number(s[0], 1), e.make<math::SqrtOp>(s[0]));
}
void RsqrtOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  grads.push_back(m.mul(g[0], m.mul(m.full_like(getX(), -0.5), m.div(getResult(), getX()))));
}
Arrays RsqrtOp::evaluate(In in) {
  return map(in[0], [](double x) { return 1 / std::sqrt(x); });
}

// ---- sin
Value SinOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) { return Emit{b, loc}.make<math::SinOp>(s[0]); }
void SinOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  grads.push_back(m.mul(g[0], m.make<CosOp>(getX())));
}
Arrays SinOp::evaluate(In in) {
  return map(in[0], [](double x) { return std::sin(x); });
}

// ---- cos
Value CosOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) { return Emit{b, loc}.make<math::CosOp>(s[0]); }
void CosOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  grads.push_back(m.neg(m.mul(g[0], m.make<SinOp>(getX()))));
}
Arrays CosOp::evaluate(In in) {
  return map(in[0], [](double x) { return std::cos(x); });
}

// ---- tan
Value TanOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) { return Emit{b, loc}.make<math::TanOp>(s[0]); }
void TanOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  grads.push_back(m.mul(g[0], m.add(m.full_like(getX(), 1), m.mul(getResult(), getResult()))));
}
Arrays TanOp::evaluate(In in) {
  return map(in[0], [](double x) { return std::tan(x); });
}

// ---- tanh
Value TanhOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) { return Emit{b, loc}.make<math::TanhOp>(s[0]); }
void TanhOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  grads.push_back(m.mul(g[0], m.sub(m.full_like(getX(), 1), m.mul(getResult(), getResult()))));
}
Arrays TanhOp::evaluate(In in) {
  return map(in[0], [](double x) { return std::tanh(x); });
}

// ---- erf
Value ErfOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) { return Emit{b, loc}.make<math::ErfOp>(s[0]); }
void ErfOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  Value density = m.make<ExpOp>(m.neg(m.mul(getX(), getX())));
  grads.push_back(m.mul(g[0], m.mul(m.full_like(getX(), 2 / std::sqrt(M_PI)), density)));
}
Arrays ErfOp::evaluate(In in) {
  return map(in[0], [](double x) { return std::erf(x); });
}

// ---- atan
Value AtanOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) { return Emit{b, loc}.make<math::AtanOp>(s[0]); }
void AtanOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  grads.push_back(m.div(g[0], m.add(m.full_like(getX(), 1), m.mul(getX(), getX()))));
}
Arrays AtanOp::evaluate(In in) {
  return map(in[0], [](double x) { return std::atan(x); });
}

// ---- erfc
Value ErfcOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) { return Emit{b, loc}.make<math::ErfcOp>(s[0]); }
void ErfcOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  Value density = m.make<ExpOp>(m.neg(m.mul(getX(), getX())));
  grads.push_back(m.mul(g[0], m.mul(m.full_like(getX(), -2 / std::sqrt(M_PI)), density)));
}
Arrays ErfcOp::evaluate(In in) {
  return map(in[0], [](double x) { return std::erfc(x); });
}

// ---- erfinv: a start of three digits (log(1 - x^2) is nearly a quadratic of erfinv(x)^2), then steps of Halley's
// method, each of which triples the digits. The error is taken by erfc where x is near 1, since 1 - x is exact there.
static constexpr double kErfinvCurve = 0.147;  // of that quadratic
static constexpr int kErfinvSteps = 3;
Value ErfinvOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  Emit e{b, loc};
  auto add = [&](Value x, Value y) { return e.make<arith::AddFOp>(x, y); };
  auto sub = [&](Value x, Value y) { return e.make<arith::SubFOp>(x, y); };
  auto mul = [&](Value x, Value y) { return e.make<arith::MulFOp>(x, y); };
  auto div = [&](Value x, Value y) { return e.make<arith::DivFOp>(x, y); };
  mlir::Type given = s[0].getType();
  Value x = s[0];
  if (Emit::element(x).getIntOrFloatBitWidth() < 32)
    x = e.make<arith::ExtFOp>(Emit::with_element(given, b.getF32Type()), x);
  Value one = e.number(x, 1), size = e.make<math::AbsFOp>(x);
  // At 1 itself the start is infinite already and a step would give NaN.
  Value inside = e.compare(FloatIs::OLT, size, one), safe = e.select(inside, size, e.number(x, 0));
  Value log = e.make<math::LogOp>(mul(sub(one, safe), add(one, safe)));
  Value half = add(mul(log, e.number(x, 0.5)), e.number(x, 2 / (M_PI * kErfinvCurve)));
  Value root = e.make<math::SqrtOp>(sub(mul(half, half), mul(log, e.number(x, 1 / kErfinvCurve))));
  Value y = e.make<math::SqrtOp>(e.make<arith::MaximumFOp>(sub(root, half), e.number(x, 0)));
  Value near = e.compare(FloatIs::OLT, safe, e.number(x, 0.5));
  for (int step = 0; step < kErfinvSteps; ++step) {
    Value error = e.select(near, sub(e.make<math::ErfOp>(y), safe), sub(sub(one, safe), e.make<math::ErfcOp>(y)));
    Value newton = mul(error, mul(e.number(x, std::sqrt(M_PI) / 2), e.make<math::ExpOp>(mul(y, y))));
    y = sub(y, div(newton, add(one, mul(y, newton))));
  }
  Value edge = e.select(e.compare(FloatIs::OEQ, size, one), e.number(x, INFINITY), e.number(x, NAN));
  Value result = e.make<math::CopySignOp>(e.select(inside, y, edge), x);
  return result.getType() == given ? result : e.make<arith::TruncFOp>(given, result);
}
void ErfinvOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  Value y = getResult(), slope = m.make<ExpOp>(m.mul(y, y));
  grads.push_back(m.mul(g[0], m.mul(m.full_like(y, std::sqrt(M_PI) / 2), slope)));
}
Arrays ErfinvOp::evaluate(In in) {
  return map(in[0], [](double x) {
    double size = std::fabs(x);
    if (!(size < 1)) return size == 1 ? x * INFINITY : NAN;
    if (size == 0) return x;
    // erf is monotone: halve the interval until it is one number.
    double low = 0, high = 6;
    for (int i = 0; i < 200; ++i) {
      double middle = low + (high - low) / 2;
      bool below = size < 0.5 ? std::erf(middle) < size : std::erfc(middle) > 1 - size;
      (below ? low : high) = middle;
    }
    return std::copysign(high, x);
  });
}

// ---- floor, ceil, round
Value FloorOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) { return Emit{b, loc}.make<math::FloorOp>(s[0]); }
void FloorOp::vjp(OpBuilder&, ValueRange, Grads& grads) { grads.push_back({}); }
Arrays FloorOp::evaluate(In in) {
  return map(in[0], [](double x) { return std::floor(x); });
}
Value CeilOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) { return Emit{b, loc}.make<math::CeilOp>(s[0]); }
void CeilOp::vjp(OpBuilder&, ValueRange, Grads& grads) { grads.push_back({}); }
Arrays CeilOp::evaluate(In in) {
  return map(in[0], [](double x) { return std::ceil(x); });
}
Value RoundOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  return Emit{b, loc}.make<math::RoundEvenOp>(s[0]);
}
void RoundOp::vjp(OpBuilder&, ValueRange, Grads& grads) { grads.push_back({}); }
Arrays RoundOp::evaluate(In in) {
  return map(in[0], [](double x) { return std::nearbyint(x); });
}

// ---- sigmoid: exp(-x) may overflow to infinity, whose reciprocal is the right 0; small results keep their digits
Value SigmoidOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  Emit e{b, loc};
  Value one = e.number(s[0], 1);
  return e.make<arith::DivFOp>(one, e.make<arith::AddFOp>(one, e.make<math::ExpOp>(e.make<arith::NegFOp>(s[0]))));
}
void SigmoidOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  Value y = getResult();
  grads.push_back(m.mul(g[0], m.mul(y, m.sub(m.full_like(y, 1), y))));
}
Arrays SigmoidOp::evaluate(In in) {
  return map(in[0], [](double x) { return 1 / (1 + std::exp(-x)); });
}

// ---- relu
Value ReluOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  Emit e{b, loc};
  Value zero = e.number(s[0], 0);
  if (e.is_float(s[0])) return e.make<arith::MaximumFOp>(s[0], zero);
  return element(getX()).isUnsignedInteger() ? s[0] : e.make<arith::MaxSIOp>(s[0], zero);
}
void ReluOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  // By the result, so that x need not be kept for the backward pass.
  Value zero = m.zeros_like(getX());
  grads.push_back(m.select(m.make<GreaterOp>(getResult(), zero), g[0], zero));
}
Arrays ReluOp::evaluate(In in) {
  return map(in[0], [](auto x) { return x <= 0 ? decltype(x)(0) : x; });
}

// ---- logical_not
Value LogicalNotOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  Emit e{b, loc};
  return e.make<arith::XOrIOp>(s[0], e.integer(s[0].getType(), 1));
}
Arrays LogicalNotOp::evaluate(In in) {
  return test(in[0], [](auto x) { return x == 0; });
}

// ---- stop_gradient
Value StopGradientOp::emit_scalar(OpBuilder&, Location, ValueRange s) { return s[0]; }
void StopGradientOp::vjp(OpBuilder&, ValueRange, Grads& grads) { grads.push_back({}); }
Arrays StopGradientOp::evaluate(In in) { return {in[0]}; }

// ---- is_nan, is_finite, is_inf: integers are finite
static Value no_float(const Emit& e, Value x, bool answer) {
  return e.integer(e.with_element(x.getType(), e.builder.getI1Type()), answer);
}
Value IsNanOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  Emit e{b, loc};
  return e.is_float(s[0]) ? e.compare(FloatIs::UNO, s[0], s[0]) : no_float(e, s[0], false);
}
Arrays IsNanOp::evaluate(In in) {
  return test(in[0], [](double x) { return std::isnan(x); });
}
Value IsFiniteOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  Emit e{b, loc};
  if (!e.is_float(s[0])) return no_float(e, s[0], true);
  return e.compare(FloatIs::OLT, e.make<math::AbsFOp>(s[0]), e.number(s[0], INFINITY));
}
Arrays IsFiniteOp::evaluate(In in) {
  return test(in[0], [](double x) { return std::isfinite(x); });
}
Value IsInfOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  Emit e{b, loc};
  if (!e.is_float(s[0])) return no_float(e, s[0], false);
  return e.compare(FloatIs::OEQ, e.make<math::AbsFOp>(s[0]), e.number(s[0], INFINITY));
}
Arrays IsInfOp::evaluate(In in) {
  return test(in[0], [](double x) { return std::isinf(x); });
}

// ---- cast
LogicalResult CastOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor adaptor, Types& types) {
  if (ir::from_mlir(adaptor.getDtype()) == DType::invalid) return shape_error(location, "cast", "unknown dtype");
  types.push_back(RankedTensorType::get(dims(adaptor.getX()), adaptor.getDtype()));
  return success();
}
Value CastOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  Emit e{b, loc};
  mlir::Type from = element(getX()), to = element(getResult());
  if (from == to) return s[0];
  bool from_unsigned = from.isUnsignedInteger() || from.isInteger(1);
  if (to.isInteger(1)) {
    Value zero = e.number(s[0], 0);
    return e.is_float(s[0]) ? e.compare(FloatIs::UNE, s[0], zero) : e.compare(IntIs::ne, s[0], zero);
  }
  mlir::Type signless = isa<FloatType>(to) ? to : b.getIntegerType(to.getIntOrFloatBitWidth());
  mlir::Type result = e.with_element(s[0].getType(), signless);
  if (isa<FloatType>(from) && isa<FloatType>(to)) {
    unsigned from_width = from.getIntOrFloatBitWidth(), to_width = to.getIntOrFloatBitWidth();
    if (from_width < to_width) return e.make<arith::ExtFOp>(result, s[0]);
    if (from_width > to_width) return e.make<arith::TruncFOp>(result, s[0]);
    Value wide = e.make<arith::ExtFOp>(e.with_element(s[0].getType(), b.getF32Type()), s[0]);  // f16 and bf16
    return e.make<arith::TruncFOp>(result, wide);
  }
  if (isa<FloatType>(from))
    return to.isUnsignedInteger() ? e.make<arith::FPToUIOp>(result, s[0]) : e.make<arith::FPToSIOp>(result, s[0]);
  if (isa<FloatType>(to))
    return from_unsigned ? e.make<arith::UIToFPOp>(result, s[0]) : e.make<arith::SIToFPOp>(result, s[0]);
  unsigned from_width = from.getIntOrFloatBitWidth(), to_width = to.getIntOrFloatBitWidth();
  if (from_width == to_width) return s[0];
  if (from_width > to_width) return e.make<arith::TruncIOp>(result, s[0]);
  return from_unsigned ? e.make<arith::ExtUIOp>(result, s[0]) : e.make<arith::ExtSIOp>(result, s[0]);
}
void CastOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  if (!is_float(getX()) || !is_float(getResult())) return grads.push_back({});
  grads.push_back(Make{b, getLoc()}.make<CastOp>(g[0], element(getX())));
}
Arrays CastOp::evaluate(In in) { return {in[0].cast(ir::from_mlir(getDtype()))}; }

}  // namespace hornbeam::horn
