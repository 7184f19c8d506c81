// argsort: shape, decomposition and reference side by side. It has no gradient: what is sorted is taken by its places.
#include <algorithm>
#include <numeric>

#include "ir/horn.h"
#include "ir/ops/make.h"
#include "ir/ops/reference.h"

namespace hornbeam::horn {

using namespace mlir;

LogicalResult ArgsortOp::inferReturnTypes(MLIRContext* context, std::optional<Location> location, Adaptor a,
                                          Types& types) {
  if (failed(check_axes(location, "argsort", a.getAxis(), rank(a.getX()), "axis"))) return failure();
  types.push_back(RankedTensorType::get(dims(a.getX()), IntegerType::get(context, 32)));
  return success();
}

// Every element counts those before it, and then every place looks for the element that counted so many. The work grows
// with the square of the axis; nothing of that size is stored, since the comparisons are parts of the sums.
void ArgsortOp::decompose(OpBuilder& b, llvm::SmallVectorImpl<Value>& results) {
  Make m{b, getLoc()};
  int64_t r = rank(getX()), along = getAxis();
  llvm::SmallVector<int64_t> last, back(r), first(r);
  for (int64_t axis = 0; axis < r; ++axis)
    if (axis != along) last.push_back(axis);
  last.push_back(along);
  for (auto [to, from] : llvm::enumerate(last)) back[from] = static_cast<int64_t>(to);
  Value x = along == r - 1 ? getX() : m.transpose(getX(), last);
  llvm::SmallVector<int64_t> square(dims(x));
  square.push_back(square.back());
  std::iota(first.begin(), first.end(), 0);
  llvm::SmallVector<int64_t> second(first);
  second.back() = r;

  mlir::Type i32 = b.getI32Type();
  auto iota = [&](int64_t axis) { return m.make<IotaOp>(square, axis, i32); };
  Value mine = m.broadcast(x, square, first), other = m.broadcast(x, square, second);
  Value before = getDescending() ? m.make<GreaterOp>(other, mine) : m.make<LessOp>(other, mine);
  Value tie = m.make<EqualOp>(other, mine);
  if (is_float(x)) {
    Value mine_nan = m.make<IsNanOp>(mine), other_nan = m.make<IsNanOp>(other);
    Value one = getDescending() ? m.make<LogicalAndOp>(other_nan, m.make<LogicalNotOp>(mine_nan))
                                : m.make<LogicalAndOp>(mine_nan, m.make<LogicalNotOp>(other_nan));
    before = m.make<LogicalOrOp>(before, one);
    tie = m.make<LogicalOrOp>(tie, m.make<LogicalAndOp>(mine_nan, other_nan));
  }
  Value earlier = m.make<LogicalAndOp>(tie, m.make<LessOp>(iota(r), iota(r - 1)));
  Value counted = m.sum(m.make<CastOp>(m.make<LogicalOrOp>(before, earlier), i32), r);

  Value found = m.make<EqualOp>(m.broadcast(counted, square, second), iota(r - 1));
  Value place = m.sum(m.select(found, iota(r), m.full(square, i32, 0)), r);
  results.push_back(along == r - 1 ? place : m.transpose(place, back));
}

std::vector<Array> ArgsortOp::evaluate(llvm::ArrayRef<Array> in) {
  const Array& x = in[0];
  Array out(DType::int32, x.shape());
  Shape outer = x.shape();
  int64_t n = outer[getAxis()], step = strides_of(x.shape())[getAxis()];
  outer[getAxis()] = 1;
  each_index(n ? outer : Shape{0}, [&](const std::vector<int64_t>& at) {
    int64_t start = flat(at, x.shape());
    std::vector<int64_t> order(n);
    std::iota(order.begin(), order.end(), 0);
    with_number(x.dtype(), [&](auto tag) {
      using T = decltype(tag);
      std::stable_sort(order.begin(), order.end(), [&](int64_t i, int64_t j) {
        T a = load<T>(x, start + i * step), b = load<T>(x, start + j * step);
        if (getDescending()) std::swap(a, b);
        return a < b || (a == a && b != b);  // NaN is the largest
      });
    });
    for (int64_t i = 0; i < n; ++i) out.set_int(start + i * step, order[i]);
  });
  return {out};
}

}  // namespace hornbeam::horn
