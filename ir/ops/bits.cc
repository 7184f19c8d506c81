// Bitwise ops, shifts and bitcast: shape, scalar form and reference side by side.
#include <cstring>

#include "ir/horn.h"
#include "ir/ops/emit.h"
#include "ir/ops/infer.h"
#include "ir/ops/reference.h"

namespace hornbeam::horn {

using namespace mlir;
using Arrays = std::vector<Array>;
using In = llvm::ArrayRef<Array>;
using IntIs = arith::CmpIPredicate;

// ---- bitwise_and, bitwise_or, bitwise_xor
Value BitwiseAndOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  return Emit{b, loc}.make<arith::AndIOp>(s[0], s[1]);
}
Arrays BitwiseAndOp::evaluate(In in) {
  return map(in[0], in[1], [](auto x, auto y) { return static_cast<uint64_t>(x) & static_cast<uint64_t>(y); });
}
Value BitwiseOrOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  return Emit{b, loc}.make<arith::OrIOp>(s[0], s[1]);
}
Arrays BitwiseOrOp::evaluate(In in) {
  return map(in[0], in[1], [](auto x, auto y) { return static_cast<uint64_t>(x) | static_cast<uint64_t>(y); });
}
Value BitwiseXorOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  return Emit{b, loc}.make<arith::XOrIOp>(s[0], s[1]);
}
Arrays BitwiseXorOp::evaluate(In in) {
  return map(in[0], in[1], [](auto x, auto y) { return static_cast<uint64_t>(x) ^ static_cast<uint64_t>(y); });
}

// ---- shift_left, shift_right: arith leaves shifts by the width or more open, so they are never asked for
static Value below_width(const Emit& e, Value amount) {
  return e.compare(IntIs::ult, amount, e.number(amount, Emit::element(amount).getIntOrFloatBitWidth()));
}
Value ShiftLeftOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  Emit e{b, loc};
  Value zero = e.number(s[0], 0), small = below_width(e, s[1]);
  return e.select(small, e.make<arith::ShLIOp>(s[0], e.select(small, s[1], zero)), zero);
}
Arrays ShiftLeftOp::evaluate(In in) {
  uint64_t width = 8 * size_of(in[0].dtype());
  return map(in[0], in[1], [width](auto x, auto y) {
    return static_cast<uint64_t>(y) < width ? static_cast<uint64_t>(x) << static_cast<uint64_t>(y) : 0;
  });
}
Value ShiftRightOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  Emit e{b, loc};
  Value last = e.number(s[1], Emit::element(s[1]).getIntOrFloatBitWidth() - 1);
  Value amount = e.select(below_width(e, s[1]), s[1], last);
  return element(getX()).isUnsignedInteger() ? e.make<arith::ShRUIOp>(s[0], amount)
                                             : e.make<arith::ShRSIOp>(s[0], amount);
}
Arrays ShiftRightOp::evaluate(In in) {
  uint64_t width = 8 * size_of(in[0].dtype());
  return map(in[0], in[1], [width](auto x, auto y) {
    using T = decltype(x);
    uint64_t amount = static_cast<uint64_t>(y) < width ? static_cast<uint64_t>(y) : width - 1;
    if constexpr (std::is_same_v<T, double>)
      return x;
    else
      return static_cast<T>(x >> amount);
  });
}

// ---- bitcast
LogicalResult BitcastOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor adaptor,
                                          Types& types) {
  DType to = ir::from_mlir(adaptor.getDtype()), from = ir::dtype_of(adaptor.getX().getType());
  auto fits_in = [](DType dtype) { return is_integer(dtype) || dtype == DType::float32 || dtype == DType::float64; };
  if (!fits_in(to) || !fits_in(from) || size_of(to) != size_of(from))
    return shape_error(location, "bitcast",
                       "both dtypes must be integers, float32 or float64 of one width. Received: dtype=" +
                           std::string(name_of(to)) + " for a tensor of dtype " + std::string(name_of(from)));
  types.push_back(RankedTensorType::get(dims(adaptor.getX()), adaptor.getDtype()));
  return success();
}
Value BitcastOp::emit_scalar(OpBuilder& b, Location loc, ValueRange s) {
  Emit e{b, loc};
  mlir::Type to = element(getResult());
  if (!isa<FloatType>(to)) to = b.getIntegerType(to.getIntOrFloatBitWidth());
  if (Emit::element(s[0]) == to) return s[0];
  return arith::BitcastOp::create(b, loc, Emit::with_element(s[0].getType(), to), s[0]);
}
Arrays BitcastOp::evaluate(In in) {
  Array out(ir::from_mlir(getDtype()), in[0].shape());
  if (out.bytes()) std::memcpy(out.mutable_data(), in[0].data(), out.bytes());
  return {out};
}

}  // namespace hornbeam::horn
