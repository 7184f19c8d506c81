// The table of keras.ops.
#include <hornbeam/activations/activations.h>
#include <hornbeam/ops.h>

#include "test/conformance/function_table_support.h"

namespace hornbeam::conformance {
namespace {

using nlohmann::json;
using A = const Arguments&;
using T = const Tensors&;

Tensor x(A a, T t, size_t i = 0) { return a.positional(i, t).single(); }

// A plain argument, by keyword or by position.
json option(A a, const char* name, size_t place) {
  json value = a.value(name);
  return value.is_null() ? a.plain(place) : value;
}
int64_t integer(A a, const char* name, size_t place, int64_t otherwise) {
  json value = option(a, name, place);
  return value.is_number() ? value.get<int64_t>() : otherwise;
}
double number(A a, const char* name, size_t place, double otherwise) {
  json value = option(a, name, place);
  return value.is_number() ? value.get<double>() : otherwise;
}
bool flag(A a, const char* name, bool otherwise) {
  json value = a.value(name);
  return value.is_boolean() ? value.get<bool>() : otherwise;
}
Axes axes(A a, const char* name = "axis", size_t place = 1) {
  json value = option(a, name, place);
  if (value.is_null()) return {};
  if (value.is_array()) return value.get<std::vector<int64_t>>();
  return value.get<int64_t>();
}
std::optional<int64_t> one_axis(A a) {
  json value = option(a, "axis", 1);
  return value.is_number() ? std::optional(value.get<int64_t>()) : std::nullopt;
}
DType dtype(A a, size_t place, DType otherwise) {
  json value = option(a, "dtype", place);
  return value.is_string() ? dtype_from_name(value.get<std::string>()).value() : otherwise;
}
// What Hornbeam has no option for must not be given another value than the default.
void only(A a, const char* name, const json& value) {
  json given = a.value(name);
  if (!given.is_null() && given != value)
    throw NotImplementedError(std::string("[ops] ") + name + "=" + given.dump() + " is not there");
}
// An integer for all spatial axes, or one each.
std::vector<int64_t> sizes(const json& value, std::vector<int64_t> otherwise) {
  if (value.is_null()) return otherwise;
  if (value.is_array()) return value.get<std::vector<int64_t>>();
  return {value.get<int64_t>()};
}
std::string text(A a, const char* name, const char* otherwise) {
  json value = a.value(name);
  return value.is_string() ? value.get<std::string>() : otherwise;
}

NamedFunction unary(Tensor (*f)(const Tensor&)) {
  return [f](A a, T t) -> Tensors { return f(x(a, t)); };
}
NamedFunction binary(Tensor (*f)(const Tensor&, const Tensor&)) {
  return [f](A a, T t) -> Tensors { return f(x(a, t), x(a, t, 1)); };
}
NamedFunction reduction(Tensor (*f)(const Tensor&, Axes, bool)) {
  return [f](A a, T t) -> Tensors {
    only(a, "initial", nullptr);
    only(a, "where", nullptr);
    DType to = dtype(a, 99, DType::invalid);
    Tensor in = to == DType::invalid ? x(a, t) : ops::cast(x(a, t), to);
    return f(in, axes(a), flag(a, "keepdims", false));
  };
}
NamedFunction arg_reduction(Tensor (*f)(const Tensor&, std::optional<int64_t>, bool)) {
  return [f](A a, T t) -> Tensors { return f(x(a, t), one_axis(a), flag(a, "keepdims", false)); };
}
NamedFunction with_number(Tensor (*f)(const Tensor&, double), const char* name, double otherwise) {
  return [=](A a, T t) -> Tensors { return f(x(a, t), number(a, name, 1, otherwise)); };
}
NamedFunction along(Tensor (*f)(const Tensor&, int64_t)) {
  return [=](A a, T t) -> Tensors { return f(x(a, t), integer(a, "axis", 1, -1)); };
}
NamedFunction pooling(Tensor (*f)(const Tensor&, std::vector<int64_t>, std::vector<int64_t>, const std::string&,
                                  const std::string&)) {
  return [=](A a, T t) -> Tensors {
    return f(x(a, t), sizes(a.plain(1), {}), sizes(a.value("strides"), {}), text(a, "padding", "valid"),
             text(a, "data_format", "channels_last"));
  };
}

FunctionTable make_table() {
  FunctionTable table;
  auto add = [&](const char* name, NamedFunction function) {
    table["keras.ops." + std::string(name)] = std::move(function);
  };
#define HORNBEAM_UNARY(name) add(#name, unary(ops::name));
#define HORNBEAM_BINARY(name) add(#name, binary(ops::name));
#define HORNBEAM_REDUCTION(name) add(#name, reduction(ops::name));
  HORNBEAM_UNARY(negative)
  HORNBEAM_UNARY(abs)
  HORNBEAM_UNARY(sign) HORNBEAM_UNARY(square) HORNBEAM_UNARY(exp) HORNBEAM_UNARY(expm1) HORNBEAM_UNARY(
      log) HORNBEAM_UNARY(log1p) HORNBEAM_UNARY(log2) HORNBEAM_UNARY(log10) HORNBEAM_UNARY(sqrt) HORNBEAM_UNARY(rsqrt)
      HORNBEAM_UNARY(reciprocal) HORNBEAM_UNARY(sin) HORNBEAM_UNARY(cos) HORNBEAM_UNARY(tan) HORNBEAM_UNARY(tanh)
          HORNBEAM_UNARY(sinh) HORNBEAM_UNARY(cosh) HORNBEAM_UNARY(erf) HORNBEAM_UNARY(floor) HORNBEAM_UNARY(ceil)
              HORNBEAM_UNARY(sigmoid) HORNBEAM_UNARY(relu) HORNBEAM_UNARY(logical_not) HORNBEAM_UNARY(isnan)
                  HORNBEAM_UNARY(isfinite) HORNBEAM_UNARY(isinf) HORNBEAM_UNARY(stop_gradient) HORNBEAM_UNARY(softplus)
                      HORNBEAM_UNARY(silu) HORNBEAM_UNARY(ravel) HORNBEAM_BINARY(add) HORNBEAM_BINARY(subtract)
                          HORNBEAM_BINARY(multiply) HORNBEAM_BINARY(divide) HORNBEAM_BINARY(divide_no_nan)
                              HORNBEAM_BINARY(floor_divide) HORNBEAM_BINARY(mod) HORNBEAM_BINARY(power)
                                  HORNBEAM_BINARY(maximum) HORNBEAM_BINARY(minimum) HORNBEAM_BINARY(equal)
                                      HORNBEAM_BINARY(not_equal) HORNBEAM_BINARY(less) HORNBEAM_BINARY(less_equal)
                                          HORNBEAM_BINARY(greater) HORNBEAM_BINARY(greater_equal)
                                              HORNBEAM_BINARY(logical_and) HORNBEAM_BINARY(logical_or)
                                                  HORNBEAM_BINARY(logical_xor) HORNBEAM_BINARY(matmul)
                                                      HORNBEAM_BINARY(dot) HORNBEAM_REDUCTION(sum)
                                                          HORNBEAM_REDUCTION(mean) HORNBEAM_REDUCTION(prod)
                                                              HORNBEAM_REDUCTION(max) HORNBEAM_REDUCTION(min)
                                                                  HORNBEAM_REDUCTION(var) HORNBEAM_REDUCTION(std)
                                                                      HORNBEAM_REDUCTION(any) HORNBEAM_REDUCTION(all)
                                                                          HORNBEAM_REDUCTION(logsumexp)
#undef HORNBEAM_UNARY
#undef HORNBEAM_BINARY
#undef HORNBEAM_REDUCTION
                                                                              add("absolute", unary(ops::abs));
  add("true_divide", binary(ops::divide));
  add("argmax", arg_reduction(ops::argmax));
  add("argmin", arg_reduction(ops::argmin));
  add("round", [](A a, T t) -> Tensors {
    only(a, "decimals", 0);
    return ops::round(x(a, t));
  });
  add("clip", [](A a, T t) -> Tensors { return ops::clip(x(a, t), x(a, t, 1), x(a, t, 2)); });
  add("where", [](A a, T t) -> Tensors {
    if (a.num_positional() != 3) throw NotImplementedError("[ops] where of a condition alone is not there");
    return ops::where(x(a, t), x(a, t, 1), x(a, t, 2));
  });
  add("cast", [](A a, T t) -> Tensors { return ops::cast(x(a, t), dtype(a, 1, DType::invalid)); });
  add("softmax", [](A a, T t) -> Tensors {
    json axis = option(a, "axis", 1);
    if (axis.is_array()) throw NotImplementedError("[ops] softmax over several axes is not there");
    return ops::softmax(x(a, t), integer(a, "axis", 1, -1));
  });
  add("log_softmax", along(ops::log_softmax));
  add("tensordot", [](A a, T t) -> Tensors {
    json both = option(a, "axes", 2);
    std::vector<int64_t> first, second;
    if (both.is_array()) {
      first = both.at(0).get<std::vector<int64_t>>(), second = both.at(1).get<std::vector<int64_t>>();
    } else {
      for (int64_t i = 0; i < both.get<int64_t>(); ++i) first.push_back(i - both.get<int64_t>()), second.push_back(i);
    }
    return ops::tensordot(x(a, t), x(a, t, 1), first, second);
  });
  add("conv", [](A a, T t) -> Tensors {
    return ops::conv(x(a, t), x(a, t, 1), sizes(a.value("strides"), {1}), text(a, "padding", "valid"),
                     text(a, "data_format", "channels_last"), sizes(a.value("dilation_rate"), {1}));
  });
  add("max_pool", pooling(ops::max_pool));
  add("average_pool", pooling(ops::average_pool));
  add("binary_crossentropy",
      [](A a, T t) -> Tensors { return ops::binary_crossentropy(x(a, t), x(a, t, 1), flag(a, "from_logits", false)); });
  add("categorical_crossentropy", [](A a, T t) -> Tensors {
    return ops::categorical_crossentropy(x(a, t), x(a, t, 1), flag(a, "from_logits", false),
                                         integer(a, "axis", 99, -1));
  });
  add("sparse_categorical_crossentropy", [](A a, T t) -> Tensors {
    return ops::sparse_categorical_crossentropy(x(a, t), x(a, t, 1), flag(a, "from_logits", false),
                                                integer(a, "axis", 99, -1));
  });
  add("reshape", [](A a, T t) -> Tensors {
    return ops::reshape(x(a, t), Shape(option(a, "newshape", 1).get<std::vector<int64_t>>()));
  });
  add("transpose", [](A a, T t) -> Tensors { return ops::transpose(x(a, t), axes(a, "axes").given()); });
  add("swapaxes",
      [](A a, T t) -> Tensors { return ops::swapaxes(x(a, t), integer(a, "axis1", 1, 0), integer(a, "axis2", 2, 0)); });
  add("moveaxis", [](A a, T t) -> Tensors {
    return ops::moveaxis(x(a, t), integer(a, "source", 1, 0), integer(a, "destination", 2, 0));
  });
  add("expand_dims", [](A a, T t) -> Tensors { return ops::expand_dims(x(a, t), axes(a)); });
  add("squeeze", [](A a, T t) -> Tensors { return ops::squeeze(x(a, t), axes(a)); });
  add("broadcast_to", [](A a, T t) -> Tensors {
    return ops::broadcast_to(x(a, t), Shape(option(a, "shape", 1).get<std::vector<int64_t>>()));
  });
  add("concatenate",
      [](A a, T t) -> Tensors { return ops::concatenate(a.positional(0, t).flat(), integer(a, "axis", 1, 0)); });
  add("stack", [](A a, T t) -> Tensors { return ops::stack(a.positional(0, t).flat(), integer(a, "axis", 1, 0)); });
  add("split", [](A a, T t) -> Tensors {
    json sections = option(a, "indices_or_sections", 1);
    int64_t axis = integer(a, "axis", 2, 0);
    if (sections.is_number()) return ops::split(x(a, t), sections.get<int64_t>(), axis);
    std::vector<Tensor> parts;
    int64_t start = 0;
    for (const json& stop : sections) {
      parts.push_back(ops::slice_axis(x(a, t), axis, start, stop.get<int64_t>()));
      start = stop.get<int64_t>();
    }
    parts.push_back(ops::slice_axis(x(a, t), axis, start));
    return parts;
  });
  add("slice", [](A a, T t) -> Tensors {
    return ops::slice(x(a, t), a.plain(1).get<std::vector<int64_t>>(), a.plain(2).get<std::vector<int64_t>>());
  });
  add("pad", [](A a, T t) -> Tensors {
    only(a, "mode", "constant");
    std::vector<std::pair<int64_t, int64_t>> widths;
    json given = a.plain(1);
    if (!given.is_array() || !given.at(0).is_array()) throw NotImplementedError("[ops] pad by one width is not there");
    for (const json& width : given) widths.emplace_back(width.at(0).get<int64_t>(), width.at(1).get<int64_t>());
    return ops::pad(x(a, t), widths, number(a, "constant_values", 99, 0.0));
  });
  add("flip", [](A a, T t) -> Tensors { return ops::flip(x(a, t), axes(a)); });
  add("take", [](A a, T t) -> Tensors {
    json axis = a.value("axis");
    return ops::take(x(a, t), x(a, t, 1), axis.is_number() ? std::optional(axis.get<int64_t>()) : std::nullopt);
  });
  add("one_hot", [](A a, T t) -> Tensors {
    return ops::one_hot(x(a, t), integer(a, "num_classes", 1, 0), integer(a, "axis", 2, -1),
                        dtype(a, 99, DType::float32));
  });
  add("zeros", [](A a, T) -> Tensors {
    return ops::zeros(Shape(a.plain(0).get<std::vector<int64_t>>()), dtype(a, 1, DType::float32));
  });
  add("ones", [](A a, T) -> Tensors {
    return ops::ones(Shape(a.plain(0).get<std::vector<int64_t>>()), dtype(a, 1, DType::float32));
  });
  add("full", [](A a, T t) -> Tensors {
    return ops::full(Shape(a.plain(0).get<std::vector<int64_t>>()), x(a, t, 1), dtype(a, 2, DType::float32));
  });
  add("zeros_like", [](A a, T t) -> Tensors { return ops::zeros_like(x(a, t), dtype(a, 1, DType::invalid)); });
  add("ones_like", [](A a, T t) -> Tensors { return ops::ones_like(x(a, t), dtype(a, 1, DType::invalid)); });
  add("full_like",
      [](A a, T t) -> Tensors { return ops::full_like(x(a, t), x(a, t, 1), dtype(a, 2, DType::invalid)); });
  // Those that keras.activations has, too.
  add("relu6", unary(activations::relu6));
  add("elu", with_number(activations::elu, "alpha", 1.0));
  add("selu", unary(activations::selu));
  add("celu", with_number(activations::celu, "alpha", 1.0));
  add("gelu", [](A a, T t) -> Tensors { return activations::gelu(x(a, t), flag(a, "approximate", true)); });
  add("glu", along(activations::glu));
  add("hard_sigmoid", unary(activations::hard_sigmoid));
  add("hard_silu", unary(activations::hard_silu));
  add("hard_swish", unary(activations::hard_silu));
  add("hard_tanh", unary(activations::hard_tanh));
  add("hard_shrink", with_number(activations::hard_shrink, "threshold", 0.5));
  add("soft_shrink", with_number(activations::soft_shrink, "threshold", 0.5));
  add("leaky_relu", with_number(activations::leaky_relu, "negative_slope", 0.2));
  add("log_sigmoid", unary(activations::log_sigmoid));
  add("softsign", unary(activations::softsign));
  add("sparse_plus", unary(activations::sparse_plus));
  add("sparse_sigmoid", unary(activations::sparse_sigmoid));
  add("sparsemax", along(activations::sparsemax));
  add("squareplus", with_number(activations::squareplus, "b", 4.0));
  add("swish", unary(activations::silu));
  add("tanh_shrink", unary(activations::tanh_shrink));
  add("threshold", [](A a, T t) -> Tensors {
    return activations::threshold(x(a, t), number(a, "threshold", 1, 0), number(a, "default_value", 2, 0));
  });
  return table;
}

}  // namespace

const FunctionTable& ops_functions() {
  static const FunctionTable table = make_table();
  return table;
}

}  // namespace hornbeam::conformance
