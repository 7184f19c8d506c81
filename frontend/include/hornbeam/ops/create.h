// Ops that make tensors from numbers: ranges, grids, matrices of ones, windows; names and arguments as keras.ops.
#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <hornbeam/settings.h>
#include <hornbeam/tensor.h>

namespace hornbeam::ops {

Tensor array(const Tensor& x, DType dtype = DType::invalid);  // a copy, of another dtype if one is given
Tensor convert_to_tensor(const Tensor& x, DType dtype = DType::invalid);
Array convert_to_numpy(const Tensor& x);  // the elements of a concrete tensor
inline Shape shape(const Tensor& x) { return x.shape(); }
inline DType dtype(const Tensor& x) { return x.dtype(); }
inline int64_t ndim(const Tensor& x) { return x.rank(); }
Tensor size(const Tensor& x);                                      // the number of elements, int32
Tensor empty(const Shape& shape, DType dtype = config::floatx());    // zeros
Tensor empty_like(const Tensor& x, DType dtype = DType::invalid);  // zeros

// start, start + step, … below stop (above it if step is negative), where one of them is no whole number; shape.h has
// arange of whole numbers.
Tensor arange_of_reals(double start, double stop, double step = 1.0, DType dtype = config::floatx());
template <class A, class B>
  requires(std::is_arithmetic_v<A> && std::is_arithmetic_v<B> &&
           (std::is_floating_point_v<A> || std::is_floating_point_v<B>))
Tensor arange(A start, B stop) {
  return arange_of_reals(static_cast<double>(start), static_cast<double>(stop));
}
template <class A, class B, class C>
  requires(std::is_arithmetic_v<A> && std::is_arithmetic_v<B> && std::is_arithmetic_v<C> &&
           (std::is_floating_point_v<A> || std::is_floating_point_v<B> || std::is_floating_point_v<C>))
Tensor arange(A start, B stop, C step, DType dtype = config::floatx()) {
  return arange_of_reals(static_cast<double>(start), static_cast<double>(stop), static_cast<double>(step), dtype);
}
// `num` numbers from start to stop, evenly spaced; stop is the last if `endpoint`, else it would be the next. Of
// tensors: element by element, along a new axis.
Tensor linspace(const Tensor& start, const Tensor& stop, int64_t num = 50, bool endpoint = true,
                DType dtype = DType::invalid, int64_t axis = 0);
Tensor logspace(const Tensor& start, const Tensor& stop, int64_t num = 50, bool endpoint = true, double base = 10.0,
                DType dtype = DType::invalid, int64_t axis = 0);
Tensor geomspace(const Tensor& start, const Tensor& stop, int64_t num = 50, bool endpoint = true,
                 DType dtype = DType::invalid, int64_t axis = 0);

// Ones on diagonal k (above the main one if k > 0). M is N if not given.
Tensor eye(int64_t N, std::optional<int64_t> M = {}, int64_t k = 0, DType dtype = config::floatx());
Tensor identity(int64_t n, DType dtype = config::floatx());
// Ones at and below diagonal k.
Tensor tri(int64_t N, std::optional<int64_t> M = {}, int64_t k = 0, DType dtype = config::floatx());
// Columns are powers of a vector: x^(N-1) … x^0, or the other way round if `increasing`.
Tensor vander(const Tensor& x, std::optional<int64_t> N = {}, bool increasing = false);
// The vectors as grids: result i varies along axis i ("ij"), or with the first two axes exchanged ("xy").
std::vector<Tensor> meshgrid(const std::vector<Tensor>& xs, const std::string& indexing = "xy");

// Symmetric windows of M points; float32.
Tensor bartlett(int64_t M);
Tensor blackman(int64_t M);
Tensor hamming(int64_t M);
Tensor hanning(int64_t M);
Tensor kaiser(int64_t M, double beta);

}  // namespace hornbeam::ops
