// Reductions.
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/reduce.h>
#include <hornbeam/ops/shape.h>

#include <numeric>

#include "frontend/src/ops/apply.h"

namespace hornbeam::ops {
namespace {

std::vector<int64_t> reduced_axes(const Axes& axis, int64_t rank, const char* op) {
  if (!axis.all()) return canonical_axes(axis.given(), rank, op);
  std::vector<int64_t> all(rank);
  std::iota(all.begin(), all.end(), 0);
  return all;
}

Config arguments(const Axes& axis, bool keepdims) {
  return Config::object({{"axis", axis.all() ? Config() : Config(axis.given())}, {"keepdims", keepdims}});
}

Tensor keep(const Tensor& reduced, const Shape& shape, const std::vector<int64_t>& axes, bool keepdims) {
  if (!keepdims) return reduced;
  Shape kept = shape;
  for (int64_t axis : axes) kept[axis] = 1;
  return reshape(reduced, kept);
}

Tensor reduce(const char* op, const Tensor& x, const std::vector<int64_t>& axes, bool keepdims) {
  Tensor result = axes.empty() ? x : trace::emit(op, {x}, {{"axes", axes}});
  return keep(result, x.shape(), axes, keepdims);
}

int64_t count(const Shape& shape, const std::vector<int64_t>& axes) {
  int64_t n = 1;
  for (int64_t axis : axes) n *= shape[axis];
  return n;
}

DType sum_dtype(DType dtype) {
  switch (dtype) {
    case DType::boolean:
    case DType::int8:
    case DType::int16:
      return DType::int32;
    case DType::uint8:
    case DType::uint16:
      return DType::uint32;
    default:
      return dtype;
  }
}

template <class F>
Tensor reduction(const char* keras_name, const Tensor& x, const Axes& axis, bool keepdims, F body) {
  return apply(keras_name, {x}, arguments(axis, keepdims),
               [=](const std::vector<Tensor>& x) { return body(x[0], reduced_axes(axis, x[0].rank(), keras_name)); });
}

// Means are taken in at least float32 and given in the input's dtype (integers: float32).
Tensor mean_body(const Tensor& x, const std::vector<int64_t>& axes, bool keepdims) {
  DType dtype = is_float(x.dtype()) ? x.dtype() : DType::float32;
  Tensor wide = to_dtype(x, result_type(dtype, DType::float32));
  Tensor total = reduce("reduce_sum", wide, axes, keepdims);
  return to_dtype(multiply(total, 1.0 / static_cast<double>(count(x.shape(), axes))), dtype);
}

Tensor arg(const char* op, const char* keras_name, const Tensor& x, std::optional<int64_t> axis, bool keepdims) {
  Config config = Config::object({{"axis", axis}, {"keepdims", keepdims}});
  return apply(keras_name, {x}, config, [=](const std::vector<Tensor>& x) {
    Tensor in = axis ? x[0] : ravel(x[0]);
    int64_t along = axis ? canonical_axis(*axis, in.rank(), keras_name) : 0;
    if (in.dtype() == DType::boolean) in = to_dtype(in, DType::int32);
    Tensor result = trace::emit(op, {in}, {{"axis", along}});
    if (!keepdims) return result;
    Shape kept = x[0].shape();
    for (int64_t i = 0; i < kept.rank(); ++i)
      if (!axis || i == along) kept[i] = 1;
    return reshape(result, kept);
  });
}

}  // namespace

Tensor sum(const Tensor& x, Axes axis, bool keepdims) {
  return reduction("Sum", x, axis, keepdims, [=](const Tensor& x, const std::vector<int64_t>& axes) {
    return reduce("reduce_sum", to_dtype(x, sum_dtype(x.dtype())), axes, keepdims);
  });
}

Tensor prod(const Tensor& x, Axes axis, bool keepdims) {
  return reduction("Prod", x, axis, keepdims, [=](const Tensor& x, const std::vector<int64_t>& axes) {
    return reduce("reduce_prod", to_dtype(x, sum_dtype(x.dtype())), axes, keepdims);
  });
}

Tensor mean(const Tensor& x, Axes axis, bool keepdims) {
  return reduction("Mean", x, axis, keepdims,
                   [=](const Tensor& x, const std::vector<int64_t>& axes) { return mean_body(x, axes, keepdims); });
}

Tensor max(const Tensor& x, Axes axis, bool keepdims) {
  return reduction("Max", x, axis, keepdims, [=](const Tensor& x, const std::vector<int64_t>& axes) {
    return reduce("reduce_max", x, axes, keepdims);
  });
}

Tensor min(const Tensor& x, Axes axis, bool keepdims) {
  return reduction("Min", x, axis, keepdims, [=](const Tensor& x, const std::vector<int64_t>& axes) {
    return reduce("reduce_min", x, axes, keepdims);
  });
}

Tensor any(const Tensor& x, Axes axis, bool keepdims) {
  return reduction("Any", x, axis, keepdims, [=](const Tensor& x, const std::vector<int64_t>& axes) {
    return reduce("reduce_max", to_dtype(x, DType::boolean), axes, keepdims);
  });
}

Tensor all(const Tensor& x, Axes axis, bool keepdims) {
  return reduction("All", x, axis, keepdims, [=](const Tensor& x, const std::vector<int64_t>& axes) {
    return reduce("reduce_min", to_dtype(x, DType::boolean), axes, keepdims);
  });
}

Tensor var(const Tensor& x, Axes axis, bool keepdims) {
  return reduction("Var", x, axis, keepdims, [=](const Tensor& x, const std::vector<int64_t>& axes) {
    DType dtype = is_float(x.dtype()) ? x.dtype() : config::floatx();
    Tensor wide = to_dtype(x, result_type(dtype, DType::float32));
    Tensor centred = subtract(wide, mean_body(wide, axes, true));
    return to_dtype(mean_body(multiply(centred, centred), axes, keepdims), dtype);
  });
}

Tensor std(const Tensor& x, Axes axis, bool keepdims) {
  return apply("Std", {x}, arguments(axis, keepdims),
               [=](const std::vector<Tensor>& x) { return sqrt(var(x[0], axis, keepdims)); });
}

Tensor norm(const Tensor& x, Axes axis, bool keepdims) {
  return apply("Norm", {x}, arguments(axis, keepdims), [=](const std::vector<Tensor>& x) {
    Tensor in = to_float(x[0]);
    return sqrt(sum(multiply(in, in), axis, keepdims));
  });
}

Tensor logsumexp(const Tensor& x, Axes axis, bool keepdims) {
  return reduction("Logsumexp", x, axis, keepdims, [=](const Tensor& x, const std::vector<int64_t>& axes) {
    return reduce("logsumexp", to_float(x), axes, keepdims);
  });
}

Tensor argmax(const Tensor& x, std::optional<int64_t> axis, bool keepdims) {
  return arg("argmax", "Argmax", x, axis, keepdims);
}
Tensor argmin(const Tensor& x, std::optional<int64_t> axis, bool keepdims) {
  return arg("argmin", "Argmin", x, axis, keepdims);
}

}  // namespace hornbeam::ops
