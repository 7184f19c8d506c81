// The table's entries of order, statistics, prefixes and scattering.
#include <hornbeam/ops/prefix.h>
#include <hornbeam/ops/scatter.h>
#include <hornbeam/ops/sort.h>
#include <hornbeam/ops/statistics.h>

#include "test/conformance/ops_arguments_support.h"

namespace hornbeam::conformance {

using nlohmann::json;

namespace {

NamedFunction reduction(Tensor (*f)(const Tensor&, Axes, bool)) {
  return [f](A a, T t) -> Tensors { return f(x(a, t), axes(a), flag(a, "keepdims", false)); };
}
NamedFunction with_initial(Tensor (*f)(const Tensor&, Axes, bool),
                           Tensor (*g)(const Tensor&, Axes, bool, const Tensor&)) {
  return [=](A a, T t) -> Tensors {
    bool keepdims = flag(a, "keepdims", false);
    if (!a.value("initial").is_number()) return f(x(a, t), axes(a), keepdims);
    return g(x(a, t), axes(a), keepdims, number(a, "initial", 99, 0));
  };
}
NamedFunction place(Tensor (*f)(const Tensor&, std::optional<int64_t>, bool)) {
  return [f](A a, T t) -> Tensors { return f(x(a, t), one_axis(a), flag(a, "keepdims", false)); };
}
NamedFunction quantiles(Tensor (*f)(const Tensor&, const Tensor&, Axes, const std::string&, bool)) {
  return [f](A a, T t) -> Tensors {
    return f(x(a, t), x(a, t, 1), axes(a, "axis", 2), text(a, "method", "linear"), flag(a, "keepdims", false));
  };
}
NamedFunction cumulative(Tensor (*f)(const Tensor&, std::optional<int64_t>, DType)) {
  return [f](A a, T t) -> Tensors { return f(x(a, t), one_axis(a), dtype(a, 99, DType::invalid)); };
}
NamedFunction segments(Tensor (*f)(const Tensor&, const Tensor&, std::optional<int64_t>, bool)) {
  return [f](A a, T t) -> Tensors {
    return f(x(a, t), x(a, t, 1), maybe_integer(a, "num_segments", 2), flag(a, "sorted", false));
  };
}

}  // namespace

void add_order(FunctionTable& table) {
  auto add = [&](const char* name, NamedFunction function) {
    table["keras.ops." + std::string(name)] = std::move(function);
  };
  add("sort", [](A a, T t) -> Tensors { return ops::sort(x(a, t), axis_or(a, -1)); });
  add("argsort", [](A a, T t) -> Tensors { return ops::argsort(x(a, t), axis_or(a, -1)); });
  add("argpartition", [](A a, T t) -> Tensors { return ops::argpartition(x(a, t), a.plain(1).get<int64_t>()); });
  add("top_k", [](A a, T t) -> Tensors {
    ops::TopK top = ops::top_k(x(a, t), a.plain(1).get<int64_t>(), flag(a, "sorted", true));
    return {top.values, top.indices};
  });
  add("in_top_k", [](A a, T t) -> Tensors { return ops::in_top_k(x(a, t), x(a, t, 1), a.plain(2).get<int64_t>()); });
  add("searchsorted",
      [](A a, T t) -> Tensors { return ops::searchsorted(x(a, t), x(a, t, 1), text(a, "side", "left")); });
  add("digitize", binary(ops::digitize));
  add("isin", [](A a, T t) -> Tensors { return ops::isin(x(a, t), x(a, t, 1), false, flag(a, "invert", false)); });

  add("amax", reduction(ops::amax));
  add("amin", reduction(ops::amin));
  add("max", with_initial(ops::max, ops::max));
  add("min", with_initial(ops::min, ops::min));
  add("ptp", reduction(ops::ptp));
  add("median", reduction(ops::median));
  add("nansum", reduction(ops::nansum));
  add("nanprod", reduction(ops::nanprod));
  add("nanmean", reduction(ops::nanmean));
  add("nanvar", reduction(ops::nanvar));
  add("nanstd", reduction(ops::nanstd));
  add("nanmax", reduction(ops::nanmax));
  add("nanmin", reduction(ops::nanmin));
  add("nanmedian", reduction(ops::nanmedian));
  add("average", [](A a, T t) -> Tensors { return ops::average(x(a, t), axes(a), a.keyword("weights", t)); });
  add("count_nonzero", [](A a, T t) -> Tensors { return ops::count_nonzero(x(a, t), axes(a)); });
  add("quantile", quantiles(ops::quantile));
  add("percentile", quantiles(ops::percentile));
  add("nanquantile", quantiles(ops::nanquantile));
  add("nanpercentile", quantiles(ops::nanpercentile));
  add("nanargmax", place(ops::nanargmax));
  add("nanargmin", place(ops::nanargmin));
  add("diff", [](A a, T t) -> Tensors { return ops::diff(x(a, t), integer(a, "n", 1, 1), integer(a, "axis", 2, -1)); });
  add("trapezoid", [](A a, T t) -> Tensors {
    return ops::trapezoid(x(a, t), a.keyword("x", t), number(a, "dx", 99, 1.0), integer(a, "axis", 99, -1));
  });
  add("histogram", [](A a, T t) -> Tensors {
    json range = a.value("range");
    ops::Histogram h =
        ops::histogram(x(a, t), integer(a, "bins", 1, 10),
                       range.is_array() ? std::optional(std::pair(range.at(0).get<double>(), range.at(1).get<double>()))
                                        : std::nullopt);
    return {h.counts, h.edges};
  });
  add("psnr", [](A a, T t) -> Tensors { return ops::psnr(x(a, t), x(a, t, 1), a.plain(2).get<double>()); });

  add("cumsum", cumulative(ops::cumsum));
  add("cumprod", cumulative(ops::cumprod));
  add("nancumsum", cumulative(ops::nancumsum));
  add("nancumprod", cumulative(ops::nancumprod));
  add("scatter", [](A a, T t) -> Tensors {
    return ops::scatter(x(a, t), x(a, t, 1), Shape(a.plain(2).get<std::vector<int64_t>>()));
  });
  add("scatter_update", [](A a, T t) -> Tensors {
    return ops::scatter_update(x(a, t), x(a, t, 1), x(a, t, 2), text(a, "reduction", ""));
  });
  add("slice_update", [](A a, T t) -> Tensors {
    return ops::slice_update(x(a, t), a.plain(1).get<std::vector<int64_t>>(), x(a, t, 2));
  });
  add("segment_sum", segments(ops::segment_sum));
  add("segment_prod", segments(ops::segment_prod));
  add("segment_max", segments(ops::segment_max));
  add("segment_min", segments(ops::segment_min));
  add("multi_hot", [](A a, T t) -> Tensors {
    return ops::multi_hot(x(a, t), integer(a, "num_classes", 1, 0), integer(a, "axis", 2, -1));
  });
}

}  // namespace hornbeam::conformance
