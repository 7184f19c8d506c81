// Diagonals and triangles, elements by index, x[…].
#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/reduce.h>
#include <hornbeam/ops/shape.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops {
namespace {

using Xs = std::vector<Tensor>;
using List = std::vector<int64_t>;

// Whether column - row compares so with k, of the two last axes.
template <class F>
Tensor by_diagonal(const Shape& shape, int64_t k, F compare) {
  Shape matrix{shape[-2], shape[-1]};
  return compare(subtract(iota(matrix, 1), iota(matrix, 0)), Tensor(k));
}

Tensor matrix_of(const Tensor& vector, int64_t k) {
  int64_t n = vector.shape()[0], size = n + std::abs(k), low = std::max<int64_t>(k, 0);
  Tensor row = pad(vector, {{low, size - n - low}});  // element i in column i + low
  return where(by_diagonal({size, size}, k, equal), row, zeros_like(row));
}

// Of the two last axes, [..., R, C] → [..., n].
Tensor diagonal_of(const Tensor& x, int64_t k) {
  int64_t rows = x.shape()[-2], columns = x.shape()[-1];
  int64_t n = std::max<int64_t>(0, std::min(rows - std::max<int64_t>(-k, 0), columns - std::max<int64_t>(k, 0)));
  Shape flat_shape(List(x.shape().begin(), x.shape().end() - 2));
  flat_shape.push_back(rows * columns);
  Tensor elements = reshape(x, flat_shape);
  int64_t start = std::min(k >= 0 ? k : -k * columns, rows * columns);
  int64_t stop = n == 0 ? start : start + (n - 1) * (columns + 1) + 1;
  return part(elements, elements.rank() - 1, start, stop, columns + 1);
}

void check_matrix(const char* op, const Tensor& x) {
  if (x.rank() < 2)
    throw ValueError(std::string("[") + op +
                     "] At least two axes are needed. Received: x.shape=" + x.shape().to_string());
}

List row_major(const Shape& shape) {
  List strides(shape.size(), 1);
  for (int64_t i = shape.rank() - 2; i >= 0; --i) strides[i] = strides[i + 1] * shape[i + 1];
  return strides;
}

// Negative numbers count from the end of n.
Tensor from_start(const Tensor& index, int64_t n) {
  return is_signed_integer(index.dtype()) ? where(less(index, 0), add(index, n), index) : index;
}

// Python's slice of an axis.
Tensor slice_of(const Tensor& x, int64_t axis, const Slice& slice) {
  int64_t n = x.shape()[axis], step = slice.step.value_or(1);
  if (step == 0) throw ValueError("[get_item] A slice's step must not be 0.");
  auto place = [n](int64_t at, int64_t low, int64_t high) { return std::clamp(at < 0 ? at + n : at, low, high); };
  if (step > 0) {
    int64_t start = slice.start ? place(*slice.start, 0, n) : 0, stop = slice.stop ? place(*slice.stop, 0, n) : n;
    return part(x, axis, start, std::max(start, stop), step);
  }
  int64_t start = slice.start ? place(*slice.start, -1, n - 1) : n - 1;
  int64_t stop = slice.stop ? place(*slice.stop, -1, n - 1) : -1;
  if (start <= stop) return part(x, axis, 0, 0);
  // The elements start, start + step, … above stop, from the last one up, turned round.
  int64_t count = (start - stop - step - 1) / -step, last = start + (count - 1) * step;
  return flip(part(x, axis, last, start + 1, -step), axis);
}

}  // namespace

Tensor diag(const Tensor& x, int64_t k) {
  return composed_unary(
      "Diag", x,
      [k](const Tensor& x) {
        if (x.rank() == 1) return matrix_of(x, k);
        if (x.rank() == 2) return diagonal_of(x, k);
        throw ValueError("[diag] x must have one axis or two. Received: x.shape=" + x.shape().to_string());
      },
      Config::object({{"k", k}}));
}
Tensor diagflat(const Tensor& x, int64_t k) {
  return composed_unary(
      "Diagflat", x, [k](const Tensor& x) { return matrix_of(ravel(x), k); }, Config::object({{"k", k}}));
}
Tensor diagonal(const Tensor& x, int64_t offset, int64_t axis1, int64_t axis2) {
  return composed_unary(
      "Diagonal", x,
      [=](const Tensor& x) {
        check_matrix("diagonal", x);
        return diagonal_of(moveaxis(x, List{axis1, axis2}, List{-2, -1}), offset);
      },
      Config::object({{"offset", offset}, {"axis1", axis1}, {"axis2", axis2}}));
}
Tensor trace(const Tensor& x, int64_t offset, int64_t axis1, int64_t axis2) {
  return composed_unary(
      "Trace", x,
      [=](const Tensor& x) {
        check_matrix("trace", x);
        return sum(diagonal_of(moveaxis(x, List{axis1, axis2}, List{-2, -1}), offset), -1);
      },
      Config::object({{"offset", offset}, {"axis1", axis1}, {"axis2", axis2}}));
}
Tensor tril(const Tensor& x, int64_t k) {
  return composed_unary(
      "Tril", x,
      [k](const Tensor& x) {
        check_matrix("tril", x);
        return where(by_diagonal(x.shape(), k, less_equal), x, zeros_like(x));
      },
      Config::object({{"k", k}}));
}
Tensor triu(const Tensor& x, int64_t k) {
  return composed_unary(
      "Triu", x,
      [k](const Tensor& x) {
        check_matrix("triu", x);
        return where(by_diagonal(x.shape(), k, greater_equal), x, zeros_like(x));
      },
      Config::object({{"k", k}}));
}

Tensor take_along_axis(const Tensor& x, const Tensor& indices, std::optional<int64_t> axis) {
  return composed_binary(
      "TakeAlongAxis", x, indices,
      [axis](const Tensor& given, const Tensor& given_indices) {
        if (!is_integer(given_indices.dtype()))
          throw TypeError("[take_along_axis] indices must be integers. Received: indices of dtype " +
                          std::string(name_of(given_indices.dtype())));
        Tensor x = axis ? given : ravel(given), index = axis ? given_indices : ravel(given_indices);
        if (x.rank() != index.rank())
          throw ValueError("[take_along_axis] x and indices must have the same rank. Received: x.shape=" +
                           x.shape().to_string() + ", indices.shape=" + index.shape().to_string());
        int64_t along = axis ? canonical_axis(*axis, x.rank(), "take_along_axis") : 0, n = x.shape()[along];
        // Both with equal axes but for this one.
        Shape x_other = x.shape(), index_other = index.shape();
        x_other[along] = index_other[along] = 1;
        Shape common = broadcast_shape(x_other, index_other), whole = common, taken = common;
        whole[along] = n;
        taken[along] = index.shape()[along];
        DType counter = whole.num_elements() > std::numeric_limits<int32_t>::max() ? DType::int64 : DType::int32;
        index = from_start(to_shape(to_dtype(index, counter), taken), n);
        List strides = row_major(whole);
        Tensor place = multiply(index, strides[along]);
        for (int64_t i = 0; i < common.rank(); ++i)
          if (i != along && common[i] > 1) place = add(place, multiply(iota(taken, i, counter), strides[i]));
        return trace::emit("take", {reshape(to_shape(x, whole), {-1}), place}, {{"axis", int64_t{0}}});
      },
      Config::object({{"axis", axis}}));
}

std::vector<Tensor> unravel_index(const Tensor& indices, const Shape& shape) {
  return apply_many("UnravelIndex", {indices}, Config::object({{"shape", shape}}), [shape](const Xs& x) {
    List strides = row_major(shape);
    Tensor rest = from_start(x[0], shape.num_elements());
    Xs parts;
    for (int64_t i = 0; i < shape.rank(); ++i) {
      parts.push_back(floor_divide(rest, strides[i]));
      rest = mod(rest, strides[i]);
    }
    return parts;
  });
}

// As Keras writes a key into model files; a tensor stands for itself there and is null here.
static Config config_of(const std::vector<Index>& key) {
  Config entries = Config::array();
  for (const Index& entry : key) {
    if (const int64_t* number = std::get_if<int64_t>(&entry))
      entries.push_back(*number);
    else if (const Slice* slice = std::get_if<Slice>(&entry))
      entries.push_back(Config::object(
          {{"class_name", "__slice__"},
           {"config", Config::object({{"start", slice->start}, {"stop", slice->stop}, {"step", slice->step}})}}));
    else if (std::holds_alternative<Ellipsis>(entry))
      entries.push_back(Config::object({{"class_name", "__ellipsis__"}, {"config", Config::object()}}));
    else
      entries.push_back({});
  }
  return entries;
}

// Elements of x where the index tensors, broadcast, say, one for each of `axes`. The tensors' own axes take the place of
// those if they stand together, else they come first, as in NumPy.
static Tensor take_together(Tensor x, const Xs& indices, List axes, bool together) {
  if (indices.size() == 1) return take(x, indices[0], axes[0]);
  if (!together) {
    List front;
    for (size_t i = 0; i < axes.size(); ++i) front.push_back(static_cast<int64_t>(i));
    x = moveaxis(x, axes, front);
    axes = front;
  }
  List merged(x.shape().begin(), x.shape().begin() + axes[0]);
  int64_t size = 1;
  Tensor place;
  for (size_t i = 0; i < axes.size(); ++i) {
    int64_t n = x.shape()[axes[i]];
    Tensor own = from_start(to_dtype(indices[i], DType::int64), n);
    place = place ? add(multiply(place, n), own) : own;
    size *= n;
  }
  merged.push_back(size);
  merged.insert(merged.end(), x.shape().begin() + axes.back() + 1, x.shape().end());
  return take(reshape(x, Shape(merged)), place, axes[0]);
}

Tensor get_item(const Tensor& x, const std::vector<Index>& key) {
  Xs all{x};
  size_t ellipses = 0, used = 0;
  for (const Index& entry : key) {
    if (const Tensor* tensor = std::get_if<Tensor>(&entry)) all.push_back(*tensor);
    ellipses += std::holds_alternative<Ellipsis>(entry);
    used += !std::holds_alternative<Ellipsis>(entry) && !std::holds_alternative<NewAxis>(entry);
  }
  if (ellipses > 1) throw ValueError("[get_item] Only one ellipsis is allowed.");
  if (static_cast<int64_t>(used) > x.rank())
    throw ValueError("[get_item] Too many indices: " + std::to_string(used) + " for a tensor of shape " +
                     x.shape().to_string());
  return apply("GetItem", all, Config::object({{"key", config_of(key)}}), [key, used](const Xs& xs) {
    Tensor y = xs[0];
    int64_t axis = 0;
    std::vector<int64_t> indexed;  // y's axes that tensors stand for
    bool together = true;          // nothing stands between those in the key
    for (size_t i = 0; i < key.size(); ++i) {
      const Index& entry = key[i];
      if (const int64_t* number = std::get_if<int64_t>(&entry)) {
        int64_t n = y.shape()[axis], at = *number < 0 ? *number + n : *number;
        if (at < 0 || at >= n)
          throw ValueError("[get_item] Index " + std::to_string(*number) + " is out of bounds for an axis of size " +
                           std::to_string(n));
        y = squeeze(part(y, axis, at, at + 1), axis);
      } else if (const Slice* slice = std::get_if<Slice>(&entry)) {
        y = slice_of(y, axis++, *slice);
      } else if (std::holds_alternative<Ellipsis>(entry)) {
        axis += xs[0].rank() - static_cast<int64_t>(used);
      } else if (std::holds_alternative<NewAxis>(entry)) {
        y = expand_dims(y, axis++);
      } else {
        together = together && (indexed.empty() || std::holds_alternative<Tensor>(key[i - 1]));
        indexed.push_back(axis++);
      }
    }
    if (!indexed.empty()) y = take_together(y, {xs.begin() + 1, xs.end()}, indexed, together);
    return trace::Trace::current()->lift(y);
  });
}

}  // namespace hornbeam::ops
