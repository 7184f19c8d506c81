// Ops that move, pick or make elements.
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/shape.h>

#include <algorithm>
#include <numeric>

#include "frontend/src/ops/apply.h"

namespace hornbeam::ops {
namespace {

using Xs = std::vector<Tensor>;

Shape known_shape(const Shape& from, Shape to) {
  int64_t unknown = -1, product = 1;
  for (int64_t i = 0; i < to.rank(); ++i) {
    if (to[i] >= 0) {
      product *= to[i];
    } else if (unknown >= 0) {
      throw ValueError("[reshape] newshape may have one axis of -1. Received: newshape=" + to.to_string());
    } else {
      unknown = i;
    }
  }
  int64_t total = from.num_elements();
  if (unknown >= 0 && product > 0 && total % product == 0) to[unknown] = total / product;
  if (to.num_elements() != total)
    throw ValueError("[reshape] The total size of the tensor must be unchanged. Received: a tensor of shape " +
                     from.to_string() + ", newshape=" + to.to_string());
  return to;
}

Tensor reshape_body(const Tensor& x, Shape shape) {
  shape = known_shape(x.shape(), std::move(shape));
  return shape == x.shape() ? x : trace::emit("reshape", {x}, {{"shape", shape.dims()}});
}

Tensor transpose_body(const Tensor& x, const std::vector<int64_t>& permutation) {
  if (std::is_sorted(permutation.begin(), permutation.end())) return x;
  return trace::emit("transpose", {x}, {{"permutation", permutation}});
}

DType common_dtype(const Xs& xs) {
  DType dtype = xs.at(0).dtype();
  for (const Tensor& x : xs) dtype = result_type(dtype, x.dtype());
  return dtype;
}

Tensor slice_body(const Tensor& x, const std::vector<int64_t>& start, const std::vector<int64_t>& limit,
                  const std::vector<int64_t>& strides) {
  return trace::emit("slice", {x}, {{"start", start}, {"limit", limit}, {"strides", strides}});
}

}  // namespace

Tensor reshape(const Tensor& x, const Shape& newshape) {
  return apply("Reshape", {x}, Config::object({{"newshape", newshape}}),
               [newshape](const Xs& x) { return reshape_body(x[0], newshape); });
}

Tensor ravel(const Tensor& x) {
  return apply("Ravel", {x}, Config::object(), [](const Xs& x) { return reshape_body(x[0], {-1}); });
}

Tensor transpose(const Tensor& x, std::vector<int64_t> axes) {
  return apply("Transpose", {x}, Config::object({{"axes", axes.empty() ? Config() : Config(axes)}}),
               [axes](const Xs& x) {
                 std::vector<int64_t> permutation = axes;
                 if (permutation.empty()) {
                   permutation.resize(x[0].rank());
                   std::iota(permutation.rbegin(), permutation.rend(), 0);
                 }
                 if (static_cast<int64_t>(permutation.size()) != x[0].rank())
                   throw ValueError(
                       "[transpose] axes must name each axis once. Received: " + std::to_string(permutation.size()) +
                       " axes for a tensor of shape " + x[0].shape().to_string());
                 for (int64_t& axis : permutation) axis = canonical_axis(axis, x[0].rank(), "transpose");
                 canonical_axes(permutation, x[0].rank(), "transpose");
                 return transpose_body(x[0], permutation);
               });
}

Tensor swapaxes(const Tensor& x, int64_t axis1, int64_t axis2) {
  return apply("Swapaxes", {x}, Config::object({{"axis1", axis1}, {"axis2", axis2}}), [=](const Xs& x) {
    std::vector<int64_t> permutation(x[0].rank());
    std::iota(permutation.begin(), permutation.end(), 0);
    std::swap(permutation[canonical_axis(axis1, x[0].rank(), "swapaxes")],
              permutation[canonical_axis(axis2, x[0].rank(), "swapaxes")]);
    return transpose_body(x[0], permutation);
  });
}

Tensor moveaxis(const Tensor& x, int64_t source, int64_t destination) {
  return apply("Moveaxis", {x}, Config::object({{"source", source}, {"destination", destination}}), [=](const Xs& x) {
    int64_t rank = x[0].rank();
    int64_t from = canonical_axis(source, rank, "moveaxis"), to = canonical_axis(destination, rank, "moveaxis");
    std::vector<int64_t> permutation;
    for (int64_t i = 0; i < rank; ++i)
      if (i != from) permutation.push_back(i);
    permutation.insert(permutation.begin() + to, from);
    return transpose_body(x[0], permutation);
  });
}

Tensor expand_dims(const Tensor& x, Axes axis) {
  return apply("ExpandDims", {x}, Config::object({{"axis", axis.given()}}), [axis](const Xs& x) {
    int64_t rank = x[0].rank() + static_cast<int64_t>(axis.given().size());
    std::vector<int64_t> axes = canonical_axes(axis.given(), rank, "expand_dims");
    Shape shape;
    for (int64_t i = 0, from = 0; i < rank; ++i)
      shape.push_back(std::find(axes.begin(), axes.end(), i) != axes.end() ? 1 : x[0].shape()[from++]);
    return reshape_body(x[0], shape);
  });
}

Tensor squeeze(const Tensor& x, Axes axis) {
  return apply(
      "Squeeze", {x}, Config::object({{"axis", axis.all() ? Config() : Config(axis.given())}}), [axis](const Xs& x) {
        const Shape& from = x[0].shape();
        std::vector<int64_t> axes = canonical_axes(axis.given(), from.rank(), "squeeze");
        Shape shape;
        for (int64_t i = 0; i < from.rank(); ++i) {
          bool asked = axis.all() ? from[i] == 1 : std::find(axes.begin(), axes.end(), i) != axes.end();
          if (asked && from[i] != 1)
            throw ValueError("[squeeze] Cannot squeeze axis=" + std::to_string(i) +
                             ", because the dimension is not 1. Received: a tensor of shape " + from.to_string());
          if (!asked) shape.push_back(from[i]);
        }
        return reshape_body(x[0], shape);
      });
}

Tensor broadcast_to(const Tensor& x, const Shape& shape) {
  return apply("BroadcastTo", {x}, Config::object({{"shape", shape}}),
               [shape](const Xs& x) { return to_shape(x[0], shape); });
}

Tensor concatenate(const std::vector<Tensor>& xs, int64_t axis) {
  if (xs.empty()) throw ValueError("[concatenate] At least one tensor is needed. Received: none");
  return apply("Concatenate", xs, Config::object({{"axis", axis}}), [axis](const Xs& xs) {
    DType dtype = common_dtype(xs);
    int64_t along = canonical_axis(axis, xs[0].rank(), "concatenate");
    Xs parts;
    for (const Tensor& x : xs) parts.push_back(to_dtype(x, dtype));
    return parts.size() == 1 ? parts[0] : trace::emit("concat", parts, {{"axis", along}});
  });
}

Tensor stack(const std::vector<Tensor>& xs, int64_t axis) {
  if (xs.empty()) throw ValueError("[stack] At least one tensor is needed. Received: none");
  return apply("Stack", xs, Config::object({{"axis", axis}}), [axis](const Xs& xs) {
    int64_t along = canonical_axis(axis, xs[0].rank() + 1, "stack");
    Xs parts;
    for (const Tensor& x : xs) parts.push_back(expand_dims(x, along));
    return concatenate(parts, along);
  });
}

std::vector<Tensor> split(const Tensor& x, int64_t sections, int64_t axis) {
  return apply_many("Split", {x}, Config::object({{"indices_or_sections", sections}, {"axis", axis}}),
                    [=](const Xs& x) {
                      int64_t along = canonical_axis(axis, x[0].rank(), "split");
                      int64_t size = x[0].shape()[along];
                      if (sections <= 0 || size % sections)
                        throw ValueError("[split] An axis of size " + std::to_string(size) + " cannot be split into " +
                                         std::to_string(sections) + " equal sections.");
                      Xs parts;
                      for (int64_t i = 0; i < sections; ++i) {
                        std::vector<int64_t> start(x[0].rank(), 0), limit = x[0].shape().dims();
                        start[along] = i * (size / sections);
                        limit[along] = (i + 1) * (size / sections);
                        parts.push_back(slice_body(x[0], start, limit, std::vector<int64_t>(x[0].rank(), 1)));
                      }
                      return parts;
                    });
}

Tensor slice(const Tensor& x, std::vector<int64_t> start, std::vector<int64_t> shape) {
  return apply("Slice", {x}, Config::object({{"start_indices", start}, {"shape", shape}}), [=](const Xs& x) {
    int64_t rank = x[0].rank();
    if (static_cast<int64_t>(start.size()) != rank || static_cast<int64_t>(shape.size()) != rank)
      throw ValueError("[slice] start and shape must have one number for each of the " + std::to_string(rank) +
                       " axes. Received: " + std::to_string(start.size()) + " and " + std::to_string(shape.size()));
    std::vector<int64_t> limit;
    for (int64_t i = 0; i < rank; ++i) limit.push_back(start[i] + shape[i]);
    return slice_body(x[0], start, limit, std::vector<int64_t>(rank, 1));
  });
}

Tensor slice_axis(const Tensor& x, int64_t axis, int64_t start, std::optional<int64_t> stop, int64_t step) {
  if (step <= 0) throw ValueError("[slice_axis] step must be positive. Received: step=" + std::to_string(step));
  Config arguments = Config::object({{"axis", axis}, {"start", start}, {"stop", stop}, {"step", step}});
  return apply("SliceAxis", {x}, arguments, [=](const Xs& x) {
    int64_t along = canonical_axis(axis, x[0].rank(), "slice_axis");
    int64_t size = x[0].shape()[along];
    // Python's rule: negative numbers count from the end, and what is outside is clipped.
    auto position = [size](int64_t at) { return std::clamp<int64_t>(at < 0 ? at + size : at, 0, size); };
    std::vector<int64_t> starts(x[0].rank(), 0), limits = x[0].shape().dims(), steps(x[0].rank(), 1);
    starts[along] = position(start);
    limits[along] = std::max(starts[along], position(stop.value_or(size)));
    steps[along] = step;
    return slice_body(x[0], starts, limits, steps);
  });
}

Tensor pad(const Tensor& x, std::vector<std::pair<int64_t, int64_t>> pad_width, const Tensor& constant_values) {
  Config widths = Config::array();
  for (auto [low, high] : pad_width) widths.push_back(Config::array({low, high}));
  return apply("Pad", {x, constant_values}, Config::object({{"pad_width", widths}}), [pad_width](const Xs& x) {
    if (static_cast<int64_t>(pad_width.size()) != x[0].rank())
      throw ValueError("[pad] pad_width must have one pair for each of the " + std::to_string(x[0].rank()) +
                       " axes. Received: " + std::to_string(pad_width.size()));
    std::vector<int64_t> low, high;
    for (auto [before, after] : pad_width) {
      low.push_back(before);
      high.push_back(after);
    }
    return trace::emit("pad", {x[0], to_dtype(x[1], x[0].dtype())}, {{"low", low}, {"high", high}});
  });
}

Tensor flip(const Tensor& x, Axes axis) {
  return apply("Flip", {x}, Config::object({{"axis", axis.all() ? Config() : Config(axis.given())}}),
               [axis](const Xs& x) {
                 std::vector<int64_t> axes = canonical_axes(axis.given(), x[0].rank(), "flip");
                 if (axis.all()) {
                   axes.resize(x[0].rank());
                   std::iota(axes.begin(), axes.end(), 0);
                 }
                 return trace::emit("reverse", {x[0]}, {{"axes", axes}});
               });
}

Tensor take(const Tensor& x, const Tensor& indices, std::optional<int64_t> axis) {
  return apply("Take", {x, indices}, Config::object({{"axis", axis}}), [axis](const Xs& x) {
    Tensor from = axis ? x[0] : reshape_body(x[0], {-1});
    int64_t along = axis ? canonical_axis(*axis, from.rank(), "take") : 0;
    if (!is_integer(x[1].dtype()))
      throw TypeError("[take] indices must be integers. Received: indices of dtype " +
                      std::string(name_of(x[1].dtype())));
    // A negative index counts from the end.
    Tensor index = x[1];
    if (is_signed_integer(index.dtype())) index = where(less(index, 0), add(index, from.shape()[along]), index);
    return trace::emit("take", {from, index}, {{"axis", along}});
  });
}

Tensor one_hot(const Tensor& x, int64_t num_classes, int64_t axis, DType dtype) {
  Config arguments = Config::object({{"num_classes", num_classes}, {"axis", axis}, {"dtype", dtype}});
  return apply("OneHot", {x}, arguments, [=](const Xs& x) {
    int64_t rank = x[0].rank() + 1;
    int64_t along = canonical_axis(axis, rank, "one_hot");
    Tensor index = to_dtype(x[0], DType::int32);
    Shape shape;
    for (int64_t i = 0, from = 0; i < rank; ++i) shape.push_back(i == along ? num_classes : x[0].shape()[from++]);
    Tensor classes = trace::emit("iota", {}, {{"shape", shape.dims()}, {"axis", along}, {"dtype", DType::int32}});
    return to_dtype(equal(expand_dims(index, along), classes), dtype);
  });
}

Tensor full(const Shape& shape, const Tensor& fill_value, DType dtype) {
  return apply("Full", {fill_value}, Config::object({{"shape", shape}, {"dtype", dtype}}),
               [=](const Xs& x) { return to_shape(to_dtype(x[0], dtype), shape); });
}

Tensor zeros(const Shape& shape, DType dtype) { return full(shape, 0, dtype); }
Tensor ones(const Shape& shape, DType dtype) { return full(shape, 1, dtype); }

Tensor full_like(const Tensor& x, const Tensor& fill_value, DType dtype) {
  Config arguments = Config::object({{"dtype", dtype == DType::invalid ? Config() : Config(dtype)}});
  return apply("FullLike", {x, fill_value}, arguments, [=](const Xs& x) {
    return to_shape(to_dtype(x[1], dtype == DType::invalid ? x[0].dtype() : dtype), x[0].shape());
  });
}

Tensor zeros_like(const Tensor& x, DType dtype) { return full_like(x, 0, dtype); }
Tensor ones_like(const Tensor& x, DType dtype) { return full_like(x, 1, dtype); }

Tensor arange(int64_t start, int64_t stop, int64_t step, DType dtype) {
  if (step == 0) throw ValueError("[arange] step must not be 0.");
  int64_t size = std::max<int64_t>(0, (stop - start + (step > 0 ? step - 1 : step + 1)) / step);
  return apply("Arange", {}, Config::object({{"start", start}, {"stop", stop}, {"step", step}, {"dtype", dtype}}),
               [=](const Xs&) {
                 Tensor count = trace::emit(
                     "iota", {}, {{"shape", std::vector<int64_t>{size}}, {"axis", int64_t{0}}, {"dtype", dtype}});
                 Tensor scaled = step == 1 ? count : to_dtype(multiply(count, step), dtype);
                 return start == 0 ? scaled : to_dtype(add(scaled, start), dtype);
               });
}

}  // namespace hornbeam::ops
