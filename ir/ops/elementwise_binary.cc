// Elementwise ops of two operands, and select: scalar form, vjp and reference side by side.
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

namespace {

// bool counts as unsigned: false < true.
bool is_unsigned(Value tensor_operand) {
  mlir::Type type = element(tensor_operand);
  return type.isUnsignedInteger() || type.isInteger(1);
}

// Float / integer op by the scalars' type.
template <typename F, typename I>
Value by_type(OpBuilder& b, Location loc, ValueRange s) {
  Emit e{b, loc};
  return e.is_float(s[0]) ? e.make<F>(s[0], s[1]) : e.make<I>(s[0], s[1]);
}
template <typename F, typename S, typename U>
Value by_type(OpBuilder& b, Location loc, ValueRange s, bool is_unsigned) {
  return is_unsigned ? by_type<F, U>(b, loc, s) : by_type<F, S>(b, loc, s);
}

Value compare(OpBuilder& b, Location loc, ValueRange s, Value operand, FloatIs real, IntIs with_sign,
              IntIs without_sign) {
  Emit e{b, loc};
  if (e.is_float(s[0])) return e.compare(real, s[0], s[1]);
  return e.compare(is_unsigned(operand) ? without_sign : with_sign, s[0], s[1]);
}

}  // namespace

// ---- add
Value AddOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  return by_type<arith::AddFOp, arith::AddIOp>(b, loc, s);
}
void AddOp::vjp(OpBuilder&, ValueRange g, Grads& grads) { grads.append({g[0], g[0]}); }
Arrays AddOp::evaluate(In in) {
  return map(in[0], in[1], [](auto x, auto y) { return wrapping(x) + wrapping(y); });
}

// ---- subtract
Value SubtractOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  return by_type<arith::SubFOp, arith::SubIOp>(b, loc, s);
}
void SubtractOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) { grads.append({g[0], Make{b, getLoc()}.neg(g[0])}); }
Arrays SubtractOp::evaluate(In in) {
  return map(in[0], in[1], [](auto x, auto y) { return wrapping(x) - wrapping(y); });
}

// ---- multiply
Value MultiplyOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  return by_type<arith::MulFOp, arith::MulIOp>(b, loc, s);
}
void MultiplyOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  grads.append({m.mul(g[0], getY()), m.mul(g[0], getX())});
}
Arrays MultiplyOp::evaluate(In in) {
  return map(in[0], in[1], [](auto x, auto y) { return wrapping(x) * wrapping(y); });
}

// ---- divide
Value DivideOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  return Emit{b, loc}.make<arith::DivFOp>(s[0], s[1]);
}
void DivideOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  Value dx = m.div(g[0], getY());
  grads.append({dx, m.neg(m.mul(dx, getResult()))});
}
Arrays DivideOp::evaluate(In in) {
  return map(in[0], in[1], [](double x, double y) { return x / y; });
}

// ---- power: integers by repeated squaring, a negative exponent gives 1 / x^|y| cut to an integer (0 for x = 0)
Value PowerOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  Emit e{b, loc};
  if (e.is_float(s[0])) return e.make<math::PowFOp>(s[0], s[1]);
  Value zero = e.number(s[0], 0), one = e.number(s[0], 1);
  Value result = one, base = s[0], exponent = s[1];
  unsigned width = e.element(s[0]).getIntOrFloatBitWidth();
  for (unsigned bit = 0; bit < width; ++bit) {
    Value odd = e.compare(IntIs::ne, e.make<arith::AndIOp>(exponent, one), zero);
    result = e.select(odd, e.make<arith::MulIOp>(result, base), result);
    if (bit + 1 == width) break;
    base = e.make<arith::MulIOp>(base, base);
    exponent = e.make<arith::ShRUIOp>(exponent, one);
  }
  if (is_unsigned(getX())) return result;
  // x^y for y < 0: 1 for x = 1, ±1 for x = -1 (where the bits of y give the right parity), else 0.
  Value is_unit = e.make<arith::OrIOp>(e.compare(IntIs::eq, s[0], one), e.compare(IntIs::eq, s[0], e.number(s[0], -1)));
  Value keep = e.make<arith::OrIOp>(e.compare(IntIs::sge, s[1], zero), is_unit);
  return e.select(keep, result, zero);
}
void PowerOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  if (!is_float(getX())) return grads.append({Value(), Value()});
  Value x = getX(), y = getY(), zero = m.zeros_like(x), one = m.full_like(x, 1);
  // y = 0: no matter what x is, 0 (0 * 0^-1 would be NaN).
  Value slope = m.mul(y, m.make<PowerOp>(x, m.sub(y, one)));
  Value dx = m.mul(g[0], m.select(m.make<EqualOp>(y, zero), zero, slope));
  // The logarithm's input is guarded too: masking its output alone leaves 0 * inf in higher derivatives.
  Value positive = m.make<GreaterOp>(x, zero);
  Value log = m.make<LogOp>(m.select(positive, x, one));
  Value dy = m.mul(g[0], m.select(positive, m.mul(getResult(), log), zero));
  grads.append({dx, dy});
}
Arrays PowerOp::evaluate(In in) {
  return map(in[0], in[1], [](auto x, auto y) {
    if constexpr (std::is_same_v<decltype(x), double>) {
      return std::pow(x, y);
    } else {
      if (std::is_signed_v<decltype(y)> && static_cast<int64_t>(y) < 0) {
        int64_t base = static_cast<int64_t>(x);
        return static_cast<uint64_t>(base == 1 ? 1 : base == -1 ? (y % 2 == 0 ? 1 : -1) : 0);
      }
      uint64_t result = 1, base = wrapping(x);
      for (uint64_t n = wrapping(y); n; n >>= 1, base *= base)
        if (n & 1) result *= base;
      return result;
    }
  });
}

// ---- maximum, minimum: a tie gives half to each, so that the order of operands does not matter
static void extremum_vjp(Location loc, Value x, Value y, OpBuilder& b, ValueRange g, Grads& grads, bool larger) {
  Make m{b, loc};
  if (!is_float(x)) return grads.append({Value(), Value()});
  Value zero = m.zeros_like(x);
  Value share = m.select(m.make<EqualOp>(x, y), m.mul(g[0], m.full_like(x, 0.5)), g[0]);
  Value x_wins = larger ? m.make<GreaterEqualOp>(x, y) : m.make<LessEqualOp>(x, y);
  Value y_wins = larger ? m.make<GreaterEqualOp>(y, x) : m.make<LessEqualOp>(y, x);
  grads.append({m.select(x_wins, share, zero), m.select(y_wins, share, zero)});
}
Value MaximumOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  return by_type<arith::MaximumFOp, arith::MaxSIOp, arith::MaxUIOp>(b, loc, s, is_unsigned(getX()));
}
void MaximumOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  extremum_vjp(getLoc(), getX(), getY(), b, g, grads, true);
}
Arrays MaximumOp::evaluate(In in) {
  return map(in[0], in[1], [](auto x, auto y) { return x != x ? x : y != y ? y : x > y ? x : y; });
}
Value MinimumOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  return by_type<arith::MinimumFOp, arith::MinSIOp, arith::MinUIOp>(b, loc, s, is_unsigned(getX()));
}
void MinimumOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  extremum_vjp(getLoc(), getX(), getY(), b, g, grads, false);
}
Arrays MinimumOp::evaluate(In in) {
  return map(in[0], in[1], [](auto x, auto y) { return x != x ? x : y != y ? y : x < y ? x : y; });
}

// ---- remainder, floor_divide: as Python's % and //; an integer divisor of 0 gives 0 as NumPy does, and never traps
namespace {

// The divisor with 0 and -1 replaced by 1 (0 and the lowest number by -1 trap on x86-64).
struct SafeDivisor {
  Value divisor, is_zero, is_minus_one;
};
SafeDivisor safe_divisor(const Emit& e, Value y, bool without_sign) {
  Value zero = e.number(y, 0), one = e.number(y, 1);
  SafeDivisor safe;
  safe.is_zero = e.compare(IntIs::eq, y, zero);
  Value replaced = safe.is_zero;
  if (!without_sign) {
    safe.is_minus_one = e.compare(IntIs::eq, y, e.number(y, -1));
    replaced = e.make<arith::OrIOp>(safe.is_zero, safe.is_minus_one);
  }
  safe.divisor = e.select(replaced, one, y);
  return safe;
}

// rest has x's sign; true where it must take y's.
Value signs_differ(const Emit& e, Value rest, Value y) {
  Value zero = e.number(y, 0);
  if (e.is_float(y)) {
    Value differ = e.make<arith::XOrIOp>(e.compare(FloatIs::OLT, rest, zero), e.compare(FloatIs::OLT, y, zero));
    return e.make<arith::AndIOp>(e.compare(FloatIs::ONE, rest, zero), differ);
  }
  Value differ = e.compare(IntIs::slt, e.make<arith::XOrIOp>(rest, y), zero);
  return e.make<arith::AndIOp>(e.compare(IntIs::ne, rest, zero), differ);
}

double python_mod(double x, double y) {
  double rest = std::fmod(x, y);
  return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
}

}  // namespace

Value RemainderOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  Emit e{b, loc};
  if (e.is_float(s[0])) {
    Value rest = e.make<arith::RemFOp>(s[0], s[1]);
    return e.select(signs_differ(e, rest, s[1]), e.make<arith::AddFOp>(rest, s[1]), rest);
  }
  auto safe = safe_divisor(e, s[1], is_unsigned(getX()));  // x % 1 = 0 is the answer for both replaced divisors
  if (is_unsigned(getX())) return e.make<arith::RemUIOp>(s[0], safe.divisor);
  Value rest = e.make<arith::RemSIOp>(s[0], safe.divisor);
  return e.select(signs_differ(e, rest, safe.divisor), e.make<arith::AddIOp>(rest, safe.divisor), rest);
}
void RemainderOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  if (!is_float(getX())) return grads.append({Value(), Value()});
  grads.append({g[0], m.neg(m.mul(g[0], m.make<FloorDivideOp>(getX(), getY())))});
}
Arrays RemainderOp::evaluate(In in) {
  return map(in[0], in[1], [](auto x, auto y) {
    using T = decltype(x);
    if constexpr (std::is_same_v<T, double>) {
      return python_mod(x, y);
    } else {
      if (y == 0 || (std::is_signed_v<T> && y == T(-1))) return T(0);
      T rest = x % y;
      return rest != 0 && (rest < 0) != (y < 0) ? T(rest + y) : rest;
    }
  });
}

Value FloorDivideOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  Emit e{b, loc};
  if (e.is_float(s[0])) {
    // (x - x % y) / y is an integer but for rounding: the nearest one, x / y itself where y is 0.
    Value rest = e.make<arith::RemFOp>(s[0], s[1]);
    Value modulo = e.select(signs_differ(e, rest, s[1]), e.make<arith::AddFOp>(rest, s[1]), rest);
    Value whole = e.make<math::RoundEvenOp>(e.make<arith::DivFOp>(e.make<arith::SubFOp>(s[0], modulo), s[1]));
    Value by_zero = e.compare(FloatIs::OEQ, s[1], e.number(s[1], 0));
    return e.select(by_zero, e.make<arith::DivFOp>(s[0], s[1]), whole);
  }
  Value zero = e.number(s[0], 0);
  auto safe = safe_divisor(e, s[1], is_unsigned(getX()));
  if (is_unsigned(getX())) return e.select(safe.is_zero, zero, e.make<arith::DivUIOp>(s[0], safe.divisor));
  Value quotient = e.make<arith::DivSIOp>(s[0], safe.divisor);
  Value rest = e.make<arith::RemSIOp>(s[0], safe.divisor);
  Value lower = e.make<arith::SubIOp>(quotient, e.number(s[0], 1));
  Value floored = e.select(signs_differ(e, rest, safe.divisor), lower, quotient);
  floored = e.select(safe.is_minus_one, e.make<arith::SubIOp>(zero, s[0]), floored);
  return e.select(safe.is_zero, zero, floored);
}
void FloorDivideOp::vjp(OpBuilder&, ValueRange, Grads& grads) { grads.append({Value(), Value()}); }
Arrays FloorDivideOp::evaluate(In in) {
  return map(in[0], in[1], [](auto x, auto y) {
    using T = decltype(x);
    if constexpr (std::is_same_v<T, double>) {
      return y == 0 ? x / y : std::nearbyint((x - python_mod(x, y)) / y);
    } else {
      if (y == 0) return T(0);
      if (std::is_signed_v<T> && y == T(-1)) return static_cast<T>(-wrapping(x));
      T rest = x % y;
      return rest != 0 && (rest < 0) != (y < 0) ? T(x / y - 1) : T(x / y);
    }
  });
}

// ---- atan2
Value Atan2Op::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  return Emit{b, loc}.make<math::Atan2Op>(s[0], s[1]);
}
void Atan2Op::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  Value y = getX(), x = getY();
  Value scaled = m.div(g[0], m.add(m.mul(x, x), m.mul(y, y)));
  grads.append({m.mul(scaled, x), m.neg(m.mul(scaled, y))});
}
Arrays Atan2Op::evaluate(In in) {
  return map(in[0], in[1], [](double y, double x) { return std::atan2(y, x); });
}

// ---- logical
Value LogicalAndOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  return Emit{b, loc}.make<arith::AndIOp>(s[0], s[1]);
}
Arrays LogicalAndOp::evaluate(In in) {
  return test(in[0], in[1], [](auto x, auto y) { return x != 0 && y != 0; });
}
Value LogicalOrOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  return Emit{b, loc}.make<arith::OrIOp>(s[0], s[1]);
}
Arrays LogicalOrOp::evaluate(In in) {
  return test(in[0], in[1], [](auto x, auto y) { return x != 0 || y != 0; });
}
Value LogicalXorOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  return Emit{b, loc}.make<arith::XOrIOp>(s[0], s[1]);
}
Arrays LogicalXorOp::evaluate(In in) {
  return test(in[0], in[1], [](auto x, auto y) { return (x != 0) != (y != 0); });
}

// ---- comparisons: false with a NaN, but for not_equal
Value EqualOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  return compare(b, loc, s, getX(), FloatIs::OEQ, IntIs::eq, IntIs::eq);
}
Arrays EqualOp::evaluate(In in) {
  return test(in[0], in[1], [](auto x, auto y) { return x == y; });
}
Value NotEqualOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  return compare(b, loc, s, getX(), FloatIs::UNE, IntIs::ne, IntIs::ne);
}
Arrays NotEqualOp::evaluate(In in) {
  return test(in[0], in[1], [](auto x, auto y) { return x != y; });
}
Value LessOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  return compare(b, loc, s, getX(), FloatIs::OLT, IntIs::slt, IntIs::ult);
}
Arrays LessOp::evaluate(In in) {
  return test(in[0], in[1], [](auto x, auto y) { return x < y; });
}
Value LessEqualOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  return compare(b, loc, s, getX(), FloatIs::OLE, IntIs::sle, IntIs::ule);
}
Arrays LessEqualOp::evaluate(In in) {
  return test(in[0], in[1], [](auto x, auto y) { return x <= y; });
}
Value GreaterOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  return compare(b, loc, s, getX(), FloatIs::OGT, IntIs::sgt, IntIs::ugt);
}
Arrays GreaterOp::evaluate(In in) {
  return test(in[0], in[1], [](auto x, auto y) { return x > y; });
}
Value GreaterEqualOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  return compare(b, loc, s, getX(), FloatIs::OGE, IntIs::sge, IntIs::uge);
}
Arrays GreaterEqualOp::evaluate(In in) {
  return test(in[0], in[1], [](auto x, auto y) { return x >= y; });
}

// ---- select
LogicalResult SelectOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor adaptor,
                                         Types& types) {
  Value pred = adaptor.getPred(), a = adaptor.getA(), b = adaptor.getB();
  if (failed(check_kind(location, "select", pred, Kind::boolean))) return failure();
  if (failed(infer_elementwise(location, "select", ValueRange{a, b}, Kind::any, Returns::same, types)))
    return failure();
  auto result = tensor(types.back());
  if (!fits(dims(pred), result.getShape()))
    return shape_error(location, "select",
                       "operands must have equal shapes. Received: pred.shape=" + text(pred) + ", a.shape=" + text(a) +
                           ", b.shape=" + text(b));
  return success();
}
Value SelectOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) { return Emit{b, loc}.select(s[0], s[1], s[2]); }
void SelectOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  if (!is_float(getA())) return grads.append({Value(), Value(), Value()});
  Value zero = m.zeros_like(getA());
  grads.append({Value(), m.select(getPred(), g[0], zero), m.select(getPred(), zero, g[0])});
}
Arrays SelectOp::evaluate(In in) {
  Array out(in[1].dtype(), in[1].shape());
  for (int64_t i = 0; i < out.num_elements(); ++i) copy_element(out, i, in[0].get_int(i) ? in[1] : in[2], i);
  return {out};
}

}  // namespace hornbeam::horn
