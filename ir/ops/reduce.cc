// Reductions: vjp and reference side by side (their shapes: infer_reduce, infer_arg_reduce).
#include "ir/horn.h"
#include "ir/ops/make.h"
#include "ir/ops/reference.h"

namespace hornbeam::horn {

using namespace mlir;
using Arrays = std::vector<Array>;
using In = llvm::ArrayRef<Array>;
using Grads = llvm::SmallVectorImpl<Value>;

namespace {

// out[kept axes] = f(out, x) over all elements in row-major order, from `initial`; sums are held as double.
template <typename F>
Arrays reduce(const Array& x, Dims axes, mlir::Type result_type, double initial, F f) {
  Array out(x.dtype(), ir::shape_of(result_type));
  with_number(x.dtype(), [&](auto tag) {
    using T = decltype(tag);
    std::vector<T> held(static_cast<size_t>(out.num_elements()), static_cast<T>(initial));
    std::vector<bool> seen(held.size(), false);
    auto kept = other_axes(x.shape().rank(), axes);
    std::vector<int64_t> index_out(kept.size());
    int64_t i = 0;
    each_index(x.shape(), [&](const auto& index) {
      for (size_t axis = 0; axis < kept.size(); ++axis) index_out[axis] = index[kept[axis]];
      int64_t place = flat(index_out, out.shape());
      held[place] = static_cast<T>(f(held[place], load<T>(x, i++), !seen[place]));
      seen[place] = true;
    });
    for (int64_t n = 0; n < out.num_elements(); ++n) store(out, n, held[n]);
  });
  return {out};
}

// The identity of max or min: what an empty reduction gives.
double lowest(DType dtype) {
  if (is_float(dtype)) return -INFINITY;
  if (is_signed_integer(dtype)) return -std::ldexp(1.0, static_cast<int>(size_of(dtype)) * 8 - 1);
  return 0;
}
double highest(DType dtype) {
  if (is_float(dtype)) return INFINITY;
  if (dtype == DType::boolean) return 1;
  int bits = static_cast<int>(size_of(dtype)) * 8 - (is_signed_integer(dtype) ? 1 : 0);
  return std::nextafter(std::ldexp(1.0, bits), 0) < std::ldexp(1.0, 53) ? std::ldexp(1.0, bits) - 1
                                                                        : std::nextafter(std::ldexp(1.0, bits), 0);
}

// Ties share equally.
void extremum_vjp(Location loc, Value x, Value y, Dims axes, OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, loc};
  if (!is_float(x)) return grads.push_back({});
  Value at = m.make<EqualOp>(x, m.unreduce(y, dims(x), axes));
  Value ones = m.make<CastOp>(at, element(x));
  Value share = m.div(g[0], m.sum(ones, axes));
  grads.push_back(m.select(at, m.unreduce(share, dims(x), axes), m.zeros_like(x)));
}

// along a flattened last axis: result[i] = product of x[0..i-1], in log2(n) doubling steps.
Value exclusive_products(const Make& m, Value x) {
  int64_t last = rank(x) - 1, n = dims(x)[last];
  auto shifted = [&](Value value, int64_t by) {  // by places to the right, ones come in
    llvm::SmallVector<int64_t> zero(rank(x), 0), limit(dims(x)), ones(rank(x), 1), low(rank(x), 0);
    limit[last] = n - by;
    low[last] = by;
    return m.make<PadOp>(m.make<SliceOp>(value, zero, limit, ones), m.scalar(element(x), 1), low, zero);
  };
  Value products = shifted(x, 1);
  for (int64_t by = 1; by < n; by *= 2) products = m.mul(products, shifted(products, by));
  return products;
}

template <typename F>
Arrays arg_reduce(const Array& x, int64_t axis, mlir::Type result_type, F better) {
  Array out(DType::int32, ir::shape_of(result_type));
  int64_t n = 0;
  each_index(out.shape(), [&](const auto& index) {
    std::vector<int64_t> at(index);
    at.insert(at.begin() + axis, 0);
    int64_t best = 0;
    with_number(x.dtype(), [&](auto tag) {
      using T = decltype(tag);
      T value = load<T>(x, flat(at, x.shape()));
      for (int64_t i = 1; i < x.shape()[axis] && value == value; ++i) {
        at[axis] = i;
        T next = load<T>(x, flat(at, x.shape()));
        if (next != next || better(next, value)) best = i, value = next;
      }
    });
    out.set_int(n++, best);
  });
  return {out};
}

}  // namespace

// ---- reduce_sum
void ReduceSumOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  grads.push_back(is_float(getX()) ? Make{b, getLoc()}.unreduce(g[0], dims(getX()), getAxes()) : Value());
}
Arrays ReduceSumOp::evaluate(In in) {
  return reduce(in[0], getAxes(), getResult().getType(), 0,
                [](auto sum, auto x, bool) { return wrapping(sum) + wrapping(x); });
}

// ---- reduce_max, reduce_min
void ReduceMaxOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  extremum_vjp(getLoc(), getX(), getResult(), getAxes(), b, g, grads);
}
Arrays ReduceMaxOp::evaluate(In in) {
  return reduce(in[0], getAxes(), getResult().getType(), lowest(in[0].dtype()),
                [](auto best, auto x, bool first) { return first || x != x || x > best ? x : best; });
}
void ReduceMinOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  extremum_vjp(getLoc(), getX(), getResult(), getAxes(), b, g, grads);
}
Arrays ReduceMinOp::evaluate(In in) {
  return reduce(in[0], getAxes(), getResult().getType(), highest(in[0].dtype()),
                [](auto best, auto x, bool first) { return first || x != x || x < best ? x : best; });
}

// ---- reduce_prod: the derivative by one factor is the product of the others, without dividing by it (it may be 0)
void ReduceProdOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  Value x = getX();
  if (!is_float(x)) return grads.push_back({});
  // Reduced axes go last and become one.
  llvm::SmallVector<int64_t> order = other_axes(rank(x), getAxes()), moved_shape, flat_shape;
  int64_t n = 1;
  for (int64_t axis : order) flat_shape.push_back(dims(x)[axis]);
  for (int64_t axis : getAxes()) n *= dims(x)[axis];
  order.append(getAxes().begin(), getAxes().end());
  for (int64_t axis : order) moved_shape.push_back(dims(x)[axis]);
  flat_shape.push_back(n);
  if (n == 0) return grads.push_back({});
  int64_t last = static_cast<int64_t>(flat_shape.size()) - 1;
  Value rows = m.reshape(m.transpose(x, order), flat_shape);
  Value before = exclusive_products(m, rows);
  Value after = m.make<ReverseOp>(exclusive_products(m, m.make<ReverseOp>(rows, last)), last);
  Value others = m.reshape(m.mul(before, after), moved_shape);
  llvm::SmallVector<int64_t> inverse(order.size());
  for (auto [i, axis] : llvm::enumerate(order)) inverse[axis] = i;
  grads.push_back(m.mul(m.unreduce(g[0], dims(x), getAxes()), m.transpose(others, inverse)));
}
Arrays ReduceProdOp::evaluate(In in) {
  return reduce(in[0], getAxes(), getResult().getType(), 1,
                [](auto product, auto x, bool) { return wrapping(product) * wrapping(x); });
}

// ---- argmax, argmin
Arrays ArgmaxOp::evaluate(In in) {
  return arg_reduce(in[0], getAxis(), getResult().getType(), [](auto next, auto best) { return next > best; });
}
Arrays ArgminOp::evaluate(In in) {
  return arg_reduce(in[0], getAxis(), getResult().getType(), [](auto next, auto best) { return next < best; });
}

}  // namespace hornbeam::horn
