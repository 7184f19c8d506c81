// Ops whose result's shape depends on the elements: computed on the host from concrete tensors.
#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/shape.h>
#include <hornbeam/ops/sort.h>

#include <algorithm>
#include <numeric>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops {
namespace {

Array elements(const Tensor& x, const char* op) {
  if (!x.valid()) throw ValueError(std::string("[") + op + "] A tensor was expected. Received: none");
  if (!x.is_concrete())
    throw NotImplementedError(std::string("[") + op +
                              "] The shape of the result depends on the elements, so a compiled program cannot have "
                              "it. Call it on concrete tensors, outside of models.");
  return x.array();
}

Tensor int32s(const std::vector<int64_t>& values) { return indices(values); }

}  // namespace

std::vector<Tensor> nonzero(const Tensor& x) {
  Array array = elements(x, "nonzero");
  int64_t rank = array.shape().rank();
  std::vector<std::vector<int64_t>> places(rank);
  for (int64_t i = 0; i < array.num_elements(); ++i) {
    bool is_zero = is_float(array.dtype()) ? array.get(i) == 0 : array.get_int(i) == 0;
    if (is_zero) continue;
    int64_t rest = i;
    for (int64_t axis = rank - 1; axis >= 0; --axis) {
      places[axis].push_back(rest % array.shape()[axis]);
      rest /= array.shape()[axis];
    }
  }
  std::vector<Tensor> result;
  for (const auto& axis : places) result.push_back(int32s(axis));
  return result;
}

std::vector<Tensor> where(const Tensor& condition) { return nonzero(condition); }

Unique unique(const Tensor& x, bool return_index, bool return_inverse, bool return_counts, std::optional<int64_t> axis,
              std::optional<int64_t> size, std::optional<double> fill_value) {
  // Slices along the axis as rows of a matrix.
  Array given = elements(x, "unique");
  Tensor moved = axis ? moveaxis(x, canonical_axis(*axis, x.rank(), "unique"), 0) : ravel(x);
  Array array = moved.array();
  int64_t n = array.shape()[0], width = n ? array.num_elements() / n : 0;
  auto compare = [&](int64_t a, int64_t b) {
    for (int64_t k = 0; k < width; ++k) {
      int64_t i = a * width + k, j = b * width + k;
      if (is_float(array.dtype())) {
        double p = array.get(i), q = array.get(j);
        if (p != q) return p < q || (q != q && p == p);
      } else if (array.get_int(i) != array.get_int(j)) {
        if (array.dtype() == DType::uint64)
          return static_cast<uint64_t>(array.get_int(i)) < static_cast<uint64_t>(array.get_int(j));
        return array.get_int(i) < array.get_int(j);
      }
    }
    return false;
  };
  std::vector<int64_t> order(n), first, inverse(n), counts;
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), compare);
  for (int64_t i = 0; i < n; ++i) {
    if (i == 0 || compare(order[i - 1], order[i])) {
      first.push_back(order[i]);
      counts.push_back(0);
    }
    ++counts.back();
    inverse[order[i]] = static_cast<int64_t>(first.size()) - 1;
  }

  int64_t found = static_cast<int64_t>(first.size()), rows = size.value_or(found);
  Shape shape = array.shape();
  shape[0] = rows;
  Array values(array.dtype(), shape);
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t k = 0; k < width; ++k) {
      if (row >= found && fill_value) {
        values.set(row * width + k, *fill_value);
        continue;
      }
      int64_t from = first.at(row < found ? row : 0) * width + k;
      if (is_float(array.dtype()))
        values.set(row * width + k, array.get(from));
      else
        values.set_int(row * width + k, array.get_int(from));
    }
  auto fitted = [rows](std::vector<int64_t> list, int64_t filler) {
    list.resize(rows, filler);
    return int32s(list);
  };
  Unique result;
  result.values = axis ? moveaxis(Tensor(values), 0, *axis) : Tensor(values);
  if (return_index) result.indices = fitted(first, first.empty() ? 0 : first[0]);
  if (return_inverse) {
    // What was cut off belongs to the last one kept.
    for (int64_t& place : inverse) place = std::min(place, std::max<int64_t>(rows - 1, 0));
    result.inverse = axis ? int32s(inverse) : Tensor(int32s(inverse).array().reshaped(given.shape()));
  }
  if (return_counts) result.counts = fitted(counts, 0);
  return result;
}

Tensor bincount(const Tensor& x, const Tensor& weights, int64_t minlength) {
  Array array = elements(x, "bincount");
  if (!is_integer(array.dtype()))
    throw TypeError("[bincount] x must be integers. Received: dtype " + std::string(name_of(array.dtype())));
  int64_t length = minlength, rows = array.shape().rank() == 2 ? array.shape()[0] : 1;
  if (array.shape().rank() < 1 || array.shape().rank() > 2)
    throw ValueError("[bincount] x must have one axis or two. Received: x.shape=" + array.shape().to_string());
  Array factors = weights ? elements(weights, "bincount") : Array();
  if (weights && factors.shape() != array.shape())
    throw ValueError("[bincount] weights must have the shape of x. Received: x.shape=" + array.shape().to_string() +
                     ", weights.shape=" + factors.shape().to_string());
  for (int64_t i = 0; i < array.num_elements(); ++i) {
    if (array.get_int(i) < 0)
      throw ValueError("[bincount] x must not be negative. Received: " + std::to_string(array.get_int(i)));
    length = std::max(length, array.get_int(i) + 1);
  }
  Shape shape = array.shape();
  shape[-1] = length;
  std::vector<double> sums(static_cast<size_t>(rows * length), 0.0);
  int64_t width = array.shape()[-1];
  for (int64_t i = 0; i < array.num_elements(); ++i)
    sums[(i / std::max<int64_t>(width, 1)) * length + array.get_int(i)] += weights ? factors.get(i) : 1.0;
  Array counts(weights ? factors.dtype() : DType::int32, shape);
  for (int64_t i = 0; i < counts.num_elements(); ++i) counts.set(i, sums[i]);
  return Tensor(counts);
}

Tensor repeat(const Tensor& x, const Tensor& repeats, std::optional<int64_t> axis) {
  Array times = elements(repeats, "repeat");
  std::vector<int64_t> list;
  for (int64_t i = 0; i < times.num_elements(); ++i) list.push_back(times.get_int(i));
  return repeat(x, list, axis);
}

}  // namespace hornbeam::ops
