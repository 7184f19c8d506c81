// Plain loops over host arrays, for evaluate: floats are computed as double and rounded once when stored.
#pragma once

#include <cmath>
#include <vector>

#include <hornbeam/base/array.h>

namespace hornbeam::horn {

// Integers wrap around: sums and products are made unsigned.
inline double wrapping(double value) { return value; }
inline uint64_t wrapping(int64_t value) { return static_cast<uint64_t>(value); }
inline uint64_t wrapping(uint64_t value) { return value; }

// Calls f(tag) with a double, int64_t or uint64_t that stands for how elements of the dtype are computed.
template <typename F>
auto with_number(DType dtype, F f) {
  if (is_float(dtype)) return f(double{});
  if (is_signed_integer(dtype)) return f(int64_t{});
  return f(uint64_t{});
}

template <typename T>
T load(const Array& array, int64_t i) {
  if constexpr (std::is_same_v<T, double>) return array.get(i);
  else return static_cast<T>(array.get_int(i));
}
template <typename T>
void store(Array& array, int64_t i, T value) {
  if constexpr (std::is_same_v<T, double>) array.set(i, value);
  else array.set_int(i, static_cast<int64_t>(value));
}

// f(x[i]), of x's dtype.
template <typename F>
std::vector<Array> map(const Array& x, F f) {
  Array out(x.dtype(), x.shape());
  with_number(x.dtype(), [&](auto tag) {
    using T = decltype(tag);
    for (int64_t i = 0; i < x.num_elements(); ++i) store(out, i, static_cast<T>(f(load<T>(x, i))));
  });
  return {out};
}
// f(x[i], y[i]), of x's dtype.
template <typename F>
std::vector<Array> map(const Array& x, const Array& y, F f) {
  Array out(x.dtype(), x.shape());
  with_number(x.dtype(), [&](auto tag) {
    using T = decltype(tag);
    for (int64_t i = 0; i < x.num_elements(); ++i) store(out, i, static_cast<T>(f(load<T>(x, i), load<T>(y, i))));
  });
  return {out};
}
// f(x[i]) or f(x[i], y[i]) as bools.
template <typename F>
std::vector<Array> test(const Array& x, F f) {
  Array out(DType::boolean, x.shape());
  with_number(x.dtype(), [&](auto tag) {
    for (int64_t i = 0; i < x.num_elements(); ++i) out.set_int(i, f(load<decltype(tag)>(x, i)));
  });
  return {out};
}
template <typename F>
std::vector<Array> test(const Array& x, const Array& y, F f) {
  Array out(DType::boolean, x.shape());
  with_number(x.dtype(), [&](auto tag) {
    for (int64_t i = 0; i < x.num_elements(); ++i)
      out.set_int(i, f(load<decltype(tag)>(x, i), load<decltype(tag)>(y, i)));
  });
  return {out};
}

// Row-major strides of a shape, and walks over index tuples.
std::vector<int64_t> strides_of(const Shape& shape);
// Calls f(index) for each index tuple of the shape, in row-major order.
template <typename F>
void each_index(const Shape& shape, F f) {
  int64_t count = shape.num_elements();
  std::vector<int64_t> index(shape.size(), 0);
  for (int64_t n = 0; n < count; ++n) {
    f(static_cast<const std::vector<int64_t>&>(index));
    for (int64_t axis = shape.rank() - 1; axis >= 0; --axis) {
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
  }
}
// The flat place of an index tuple.
int64_t flat(const std::vector<int64_t>& index, const Shape& shape);
// Copies one element between arrays of one dtype.
void copy_element(Array& to, int64_t at, const Array& from, int64_t from_at);

}  // namespace hornbeam::horn
