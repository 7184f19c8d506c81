// Prefix combinations in log2(n) steps: after step k every element has combined the 2^k before it.
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/prefix.h>
#include <hornbeam/ops/shape.h>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops {
namespace {

template <class F>
Tensor all_prefixes(Tensor x, int64_t axis, F combine) {
  int64_t n = x.shape()[axis];
  for (int64_t distance = 1; distance < n; distance *= 2) {
    Tensor combined = combine(part(x, axis, 0, n - distance), part(x, axis, distance, n));
    x = concatenate({part(x, axis, 0, distance), combined}, axis);
  }
  return x;
}

template <class F>
Tensor cumulative(const char* keras_name, const Tensor& x, std::optional<int64_t> axis, DType dtype, F combine,
                  std::optional<double> for_nan = {}) {
  Config arguments = Config::object({{"axis", axis}, {"dtype", dtype == DType::invalid ? Config() : Config(dtype)}});
  return composed_unary(
      keras_name, x,
      [=](const Tensor& x) {
        DType to = dtype != DType::invalid ? dtype : x.dtype() == DType::boolean ? DType::int32 : x.dtype();
        Tensor in = axis ? x : ravel(x);
        if (for_nan) in = where(isnan(in), *for_nan, in);
        in = trace::Trace::current()->lift(to_dtype(in, to));
        if (in.rank() == 0) return in;
        int64_t along = axis ? canonical_axis(*axis, in.rank(), keras_name) : 0;
        return all_prefixes(in, along, combine);
      },
      arguments);
}

}  // namespace

Tensor cumsum(const Tensor& x, std::optional<int64_t> axis, DType dtype) {
  return cumulative("Cumsum", x, axis, dtype, add);
}
Tensor cumprod(const Tensor& x, std::optional<int64_t> axis, DType dtype) {
  return cumulative("Cumprod", x, axis, dtype, multiply);
}
Tensor nancumsum(const Tensor& x, std::optional<int64_t> axis, DType dtype) {
  return cumulative("Nancumsum", x, axis, dtype, add, 0.0);
}
Tensor nancumprod(const Tensor& x, std::optional<int64_t> axis, DType dtype) {
  return cumulative("Nancumprod", x, axis, dtype, multiply, 1.0);
}

Tensors associative_scan(const std::function<Tensors(const Tensors&, const Tensors&)>& f, const Tensors& elems,
                         bool reverse, int64_t axis) {
  if (elems.empty()) throw ValueError("[associative_scan] At least one tensor is needed. Received: none");
  Config arguments = Config::object({{"reverse", reverse}, {"axis", axis}});
  auto body = [=](const std::vector<Tensor>& given) {
    int64_t along = canonical_axis(axis, given[0].rank(), "associative_scan");
    std::vector<Tensor> xs;
    for (const Tensor& x : given) {
      if (x.rank() <= along || x.shape()[along] != given[0].shape()[along])
        throw ValueError("[associative_scan] All tensors must have the same size along the axis. Received: shapes " +
                         given[0].shape().to_string() + " and " + x.shape().to_string());
      xs.push_back(reverse ? flip(x, along) : trace::Trace::current()->lift(x));
    }
    int64_t n = xs[0].shape()[along];
    for (int64_t distance = 1; distance < n; distance *= 2) {
      std::vector<Tensor> before, here;
      for (const Tensor& x : xs) {
        before.push_back(part(x, along, 0, n - distance));
        here.push_back(part(x, along, distance, n));
      }
      std::vector<Tensor> combined =
          f(Tensors::with_structure(elems, before), Tensors::with_structure(elems, here)).flat();
      if (combined.size() != xs.size())
        throw ValueError("[associative_scan] The function must give as many tensors as it gets, " +
                         std::to_string(xs.size()) + ". Received: " + std::to_string(combined.size()));
      for (size_t i = 0; i < xs.size(); ++i) xs[i] = concatenate({part(xs[i], along, 0, distance), combined[i]}, along);
    }
    if (reverse)
      for (Tensor& x : xs) x = flip(x, along);
    return xs;
  };
  return Tensors::with_structure(elems, apply_many("AssociativeScan", elems.flat(), arguments, body));
}

}  // namespace hornbeam::ops
