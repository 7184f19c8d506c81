// Scatter and segments, on matrices [places, row]: sums by horn.take_backward, which adds at indices; the other ways of
// joining by comparing every place with every index.
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/nn.h>
#include <hornbeam/ops/reduce.h>
#include <hornbeam/ops/scatter.h>
#include <hornbeam/ops/shape.h>

#include <limits>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops {
namespace {

using Xs = std::vector<Tensor>;
using List = std::vector<int64_t>;

int64_t product(const Shape& shape, int64_t from, int64_t to) {
  int64_t n = 1;
  for (int64_t i = from; i < to; ++i) n *= shape[i];
  return n;
}

// The lowest (or highest) value of a dtype, as a scalar of it.
Tensor end_of(DType dtype, bool highest) {
  if (is_float(dtype)) return to_dtype(highest ? INFINITY : -INFINITY, dtype);
  if (dtype == DType::boolean) return Tensor(highest);
  int bits = 8 * static_cast<int>(size_of(dtype));
  Array end(dtype, {});
  if (is_signed_integer(dtype))
    end.set_int(0, highest ? std::numeric_limits<int64_t>::max() >> (64 - bits)
                           : std::numeric_limits<int64_t>::min() >> (64 - bits));
  else
    end.set_int(0, highest ? static_cast<int64_t>(std::numeric_limits<uint64_t>::max() >> (64 - bits)) : 0);
  return Tensor(end);
}

// Whether place n is index m's: [N, M].
Tensor hits(const Tensor& index, int64_t places) {
  return equal(iota({places, index.shape()[0]}, 0, index.dtype()), expand_dims(index, 0));
}

// Rows [M, C] added at index [M] to zeros [N, C]; an index of N or more is left out.
Tensor add_rows(const Tensor& index, const Tensor& rows, int64_t places) {
  DType dtype = rows.dtype();
  if (places == 0 || index.shape()[0] == 0) return zeros({places, rows.shape()[1]}, dtype);
  if (size_of(dtype) == 8 && !is_float(dtype)) {  // beyond what a float sums exactly
    Tensor mine = where(expand_dims(hits(index, places), -1), expand_dims(rows, 0), zeros_like(rows));
    return sum(mine, 1);
  }
  Tensor in = is_float(dtype) ? rows : to_dtype(rows, DType::float64);
  in = where(expand_dims(less(index, places), -1), in, zeros_like(in));
  Tensor sums =
      trace::emit("take_backward", {index, in}, {{"axis", int64_t{0}}, {"input_shape", List{places, rows.shape()[1]}}});
  return to_dtype(sums, dtype);
}

// `combine` over the rows of each place; `empty` where there are none.
template <class Reduce>
Tensor join_rows(const Tensor& index, const Tensor& rows, int64_t places, const Tensor& empty, Reduce reduce) {
  if (index.shape()[0] == 0) return to_shape(to_dtype(empty, rows.dtype()), {places, rows.shape()[1]});
  Tensor mine = where(expand_dims(hits(index, places), -1), expand_dims(rows, 0), empty);
  return reduce(mine, 1, false);
}

struct Places {
  Tensor index;   // [M] int32 or int64; beyond `count` where outside
  int64_t count;  // how many places there are
  int64_t depth;  // how many axes an index names
};
Places places_of(const Tensor& indices, const Shape& shape, const char* op) {
  if (!is_integer(indices.dtype()))
    throw TypeError(std::string("[") + op + "] indices must be integers. Received: indices of dtype " +
                    std::string(name_of(indices.dtype())));
  int64_t depth = indices.rank() ? indices.shape()[-1] : 0;
  if (depth < 1 || depth > shape.rank())
    throw ValueError(std::string("[") + op + "] The last axis of indices must be in [1, " +
                     std::to_string(shape.rank()) + "], the rank of the shape. Received: indices.shape=" +
                     indices.shape().to_string() + ", shape=" + shape.to_string());
  int64_t count = product(shape, 0, depth);
  DType counter = count >= std::numeric_limits<int32_t>::max() ? DType::int64 : DType::int32;
  Tensor flat = to_dtype(reshape(indices, {-1, depth}), counter), index, inside;
  for (int64_t i = 0; i < depth; ++i) {
    Tensor at = reshape(part(flat, 1, i, i + 1), {-1});
    at = where(less(at, 0), add(at, shape[i]), at);
    Tensor valid = logical_and(greater_equal(at, 0), less(at, shape[i]));
    inside = inside ? logical_and(inside, valid) : valid;
    index = index ? add(multiply(index, shape[i]), at) : at;
  }
  return {where(inside, index, count), count, depth};
}

Tensor rows_of(const Tensor& values, const Tensor& indices, const Shape& shape, int64_t depth, const char* op) {
  Shape expected(List(indices.shape().begin(), indices.shape().end() - 1));
  for (int64_t i = depth; i < shape.rank(); ++i) expected.push_back(shape[i]);
  if (values.shape() != expected)
    throw ValueError(std::string("[") + op + "] The values must have shape " + expected.to_string() +
                     " for indices of shape " + indices.shape().to_string() + ". Received: values of shape " +
                     values.shape().to_string());
  int64_t width = product(shape, depth, shape.rank());
  return reshape(values, {product(expected, 0, indices.rank() - 1), width});
}

// x with each place's last row put in. A row gives way to a later one of its place.
Tensor set_rows(const Tensor& x, const Tensor& index, const Tensor& rows) {
  int64_t m = index.shape()[0], places = x.shape()[0];
  if (m == 0 || places == 0) return x;
  Tensor later = greater(iota({m, m}, 1), iota({m, m}, 0));
  Tensor same_place = equal(expand_dims(index, 0), expand_dims(index, 1));
  Tensor last = logical_not(any(logical_and(later, same_place), 1));
  Tensor own = where(last, index, places);
  Tensor written = greater(add_rows(own, ones({m, 1}), places), 0);
  return where(written, add_rows(own, rows, places), x);
}

// Start indices as a tensor, clamped so that a slice of this shape lies inside.
Tensor clamped_starts(const Tensor& start, const Shape& outer, const Shape& inner, const char* op) {
  if (start.shape() != Shape{outer.rank()} || inner.rank() != outer.rank())
    throw ValueError(std::string("[") + op + "] There must be one start index for each of the " +
                     std::to_string(outer.rank()) + " axes. Received: start_indices of shape " +
                     start.shape().to_string() + ", a slice of rank " + std::to_string(inner.rank()));
  List most;
  for (int64_t i = 0; i < outer.rank(); ++i) {
    if (inner[i] > outer[i])
      throw ValueError(std::string("[") + op + "] The slice must not be larger than the tensor. Received: shapes " +
                       inner.to_string() + " and " + outer.to_string());
    most.push_back(outer[i] - inner[i]);
  }
  return minimum(maximum(to_dtype(start, DType::int32), 0), indices(most));
}

template <class Join>
Tensor segments(const char* keras_name, const Tensor& data, const Tensor& ids, std::optional<int64_t> num_segments,
                bool sorted, Join join) {
  if (!num_segments) {
    if (!ids.is_concrete())
      throw ValueError(
          std::string("[") + keras_name +
          "] num_segments must be given where segment_ids are not known, since it is the size of the result.");
    Array known = ids.array();
    num_segments = 0;
    for (int64_t i = 0; i < known.num_elements(); ++i) num_segments = std::max(*num_segments, known.get_int(i) + 1);
  }
  int64_t n = *num_segments;
  return composed_binary(
      keras_name, data, ids,
      [=](const Tensor& data, const Tensor& ids) {
        if (data.rank() < 1 || ids.shape() != Shape{data.shape()[0]})
          throw ValueError(std::string("[") + keras_name +
                           "] segment_ids must be a vector with one id a row. Received: data.shape=" +
                           data.shape().to_string() + ", segment_ids.shape=" + ids.shape().to_string());
        Tensor index = to_dtype(ids, DType::int32);
        index = where(logical_and(greater_equal(index, 0), less(index, n)), index, n);
        Shape result = data.shape();
        result[0] = n;
        Tensor rows = reshape(data, {data.shape()[0], product(data.shape(), 1, data.rank())});
        return reshape(join(index, rows, n), result);
      },
      Config::object({{"num_segments", n}, {"sorted", sorted}}));
}

}  // namespace

Tensor scatter(const Tensor& indices, const Tensor& values, const Shape& shape) {
  return composed_binary(
      "Scatter", indices, values,
      [shape](const Tensor& indices, const Tensor& values) {
        Places places = places_of(indices, shape, "scatter");
        Tensor rows = rows_of(values, indices, shape, places.depth, "scatter");
        return reshape(add_rows(places.index, rows, places.count), shape);
      },
      Config::object({{"shape", shape}}));
}

Tensor scatter_update(const Tensor& inputs, const Tensor& indices, const Tensor& updates,
                      const std::string& reduction) {
  if (reduction != "" && reduction != "add" && reduction != "max" && reduction != "min" && reduction != "mul")
    throw ValueError(
        "[scatter_update] reduction must be one of \"\", \"add\", \"max\", \"min\", \"mul\". Received: reduction=" +
        reduction);
  return apply(
      "ScatterUpdate", {inputs, indices, updates}, Config::object({{"reduction", reduction}}), [=](const Xs& t) {
        const Shape& shape = t[0].shape();
        Places places = places_of(t[1], shape, "scatter_update");
        Tensor rows = rows_of(to_dtype(t[2], t[0].dtype()), t[1], shape, places.depth, "scatter_update");
        Tensor x = reshape(t[0], {places.count, product(shape, places.depth, shape.rank())});
        Tensor result;
        if (reduction == "add") {
          result = add(x, add_rows(places.index, rows, places.count));
        } else if (reduction == "max") {
          result = maximum(x, join_rows(places.index, rows, places.count, end_of(x.dtype(), false), max));
        } else if (reduction == "min") {
          result = minimum(x, join_rows(places.index, rows, places.count, end_of(x.dtype(), true), min));
        } else if (reduction == "mul") {
          result =
              multiply(x, to_dtype(join_rows(places.index, rows, places.count, ones({}, x.dtype()), prod), x.dtype()));
        } else {
          result = set_rows(x, places.index, rows);
        }
        return reshape(result, shape);
      });
}

Tensor slice_update(const Tensor& inputs, std::vector<int64_t> start_indices, const Tensor& updates) {
  return composed_binary(
      "SliceUpdate", inputs, updates,
      [=](const Tensor& inputs, const Tensor& updates) {
        const Shape &outer = inputs.shape(), &inner = updates.shape();
        if (static_cast<int64_t>(start_indices.size()) != outer.rank() || inner.rank() != outer.rank())
          throw ValueError("[slice_update] There must be one start index for each of the " +
                           std::to_string(outer.rank()) + " axes. Received: " + std::to_string(start_indices.size()) +
                           ", updates of shape " + inner.to_string());
        std::vector<std::pair<int64_t, int64_t>> widths;
        for (int64_t i = 0; i < outer.rank(); ++i) {
          if (inner[i] > outer[i])
            throw ValueError("[slice_update] updates must not be larger than inputs. Received: shapes " +
                             inner.to_string() + " and " + outer.to_string());
          int64_t low = std::clamp<int64_t>(start_indices[i], 0, outer[i] - inner[i]);
          widths.emplace_back(low, outer[i] - inner[i] - low);
        }
        Tensor placed = pad(to_dtype(updates, inputs.dtype()), widths);
        Tensor inside = pad(ones(inner, DType::boolean), widths, false);
        return where(inside, placed, inputs);
      },
      Config::object({{"start_indices", start_indices}}));
}

Tensor slice_update(const Tensor& inputs, const Tensor& start_indices, const Tensor& updates) {
  return apply("SliceUpdate", {inputs, start_indices, updates}, Config::object(), [](const Xs& t) {
    const Shape &outer = t[0].shape(), &inner = t[2].shape();
    Tensor start = clamped_starts(t[1], outer, inner, "slice_update"), inside;
    Tensor placed = to_dtype(t[2], t[0].dtype());
    for (int64_t axis = 0; axis < outer.rank(); ++axis) {
      Shape along(List(outer.rank(), 1));
      along[axis] = outer[axis];
      Tensor at = subtract(iota(along, axis), reshape(part(start, 0, axis, axis + 1), Shape(List(outer.rank(), 1))));
      Tensor valid = logical_and(greater_equal(at, 0), less(at, inner[axis]));
      inside = inside ? logical_and(inside, valid) : valid;
      // The element of updates that belongs here; clamped outside, where it is not used.
      placed = trace::emit("take", {placed, ravel(at)}, {{"axis", axis}});
    }
    return where(inside, placed, t[0]);
  });
}

Tensor slice(const Tensor& x, const Tensor& start_indices, std::vector<int64_t> shape) {
  return composed_binary(
      "Slice", x, start_indices,
      [shape](const Tensor& x, const Tensor& start_indices) {
        Tensor start = clamped_starts(start_indices, x.shape(), Shape(shape), "slice"), y = x;
        for (int64_t axis = 0; axis < x.rank(); ++axis)
          y = trace::emit("take", {y, add(iota({shape[axis]}, 0), part(start, 0, axis, axis + 1))}, {{"axis", axis}});
        return y;
      },
      Config::object({{"shape", shape}}));
}

Tensor segment_sum(const Tensor& data, const Tensor& segment_ids, std::optional<int64_t> num_segments, bool sorted) {
  return segments("SegmentSum", data, segment_ids, num_segments, sorted, add_rows);
}
Tensor segment_prod(const Tensor& data, const Tensor& segment_ids, std::optional<int64_t> num_segments, bool sorted) {
  return segments("SegmentProd", data, segment_ids, num_segments, sorted,
                  [](const Tensor& i, const Tensor& r, int64_t n) {
                    return to_dtype(join_rows(i, r, n, ones({}, r.dtype()), prod), r.dtype());
                  });
}
Tensor segment_max(const Tensor& data, const Tensor& segment_ids, std::optional<int64_t> num_segments, bool sorted) {
  return segments(
      "SegmentMax", data, segment_ids, num_segments, sorted,
      [](const Tensor& i, const Tensor& r, int64_t n) { return join_rows(i, r, n, end_of(r.dtype(), false), max); });
}
Tensor segment_min(const Tensor& data, const Tensor& segment_ids, std::optional<int64_t> num_segments, bool sorted) {
  return segments(
      "SegmentMin", data, segment_ids, num_segments, sorted,
      [](const Tensor& i, const Tensor& r, int64_t n) { return join_rows(i, r, n, end_of(r.dtype(), true), min); });
}

Tensor multi_hot(const Tensor& x, int64_t num_classes, int64_t axis, DType dtype) {
  Config arguments = Config::object({{"num_classes", num_classes}, {"axis", axis}, {"dtype", dtype}});
  return composed_unary(
      "MultiHot", x,
      [=](const Tensor& x) {
        // One label a row has an axis of its own already gone: a vector of labels gives one multi-hot vector.
        int64_t labels = x.rank() > 1 ? 1 : 0;
        Tensor encoded = one_hot(x, num_classes, axis, dtype);
        return max(encoded, labels);
      },
      arguments);
}

}  // namespace hornbeam::ops
