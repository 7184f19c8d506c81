// The table of keras.ops: the basic ops here, the others by subject in ops_*_support.cc.
#include <hornbeam/activations/activations.h>

#include "test/conformance/ops_arguments_support.h"

namespace hornbeam::conformance {
namespace {

using nlohmann::json;

// What Hornbeam has no option for must not be given another value than the default.
void only(A a, const char* name, const json& value) {
  json given = a.value(name);
  if (!given.is_null() && given != value)
    throw NotImplementedError(std::string("[ops] ") + name + "=" + given.dump() + " is not there");
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
  add("negative", unary(ops::negative));
  add("sign", unary(ops::sign));
  add("square", unary(ops::square));
  add("exp", unary(ops::exp));
  add("expm1", unary(ops::expm1));
  add("log", unary(ops::log));
  add("log1p", unary(ops::log1p));
  add("log2", unary(ops::log2));
  add("log10", unary(ops::log10));
  add("sqrt", unary(ops::sqrt));
  add("rsqrt", unary(ops::rsqrt));
  add("reciprocal", unary(ops::reciprocal));
  add("sin", unary(ops::sin));
  add("cos", unary(ops::cos));
  add("tan", unary(ops::tan));
  add("tanh", unary(ops::tanh));
  add("sinh", unary(ops::sinh));
  add("cosh", unary(ops::cosh));
  add("erf", unary(ops::erf));
  add("floor", unary(ops::floor));
  add("ceil", unary(ops::ceil));
  add("sigmoid", unary(ops::sigmoid));
  add("relu", unary(ops::relu));
  add("logical_not", unary(ops::logical_not));
  add("isnan", unary(ops::isnan));
  add("isfinite", unary(ops::isfinite));
  add("isinf", unary(ops::isinf));
  add("stop_gradient", unary(ops::stop_gradient));
  add("softplus", unary(ops::softplus));
  add("silu", unary(ops::silu));
  add("ravel", unary(ops::ravel));
  add("add", binary(ops::add));
  add("subtract", binary(ops::subtract));
  add("multiply", binary(ops::multiply));
  add("divide", binary(ops::divide));
  add("divide_no_nan", binary(ops::divide_no_nan));
  add("floor_divide", binary(ops::floor_divide));
  add("mod", binary(ops::mod));
  add("power", binary(ops::power));
  add("maximum", binary(ops::maximum));
  add("minimum", binary(ops::minimum));
  add("equal", binary(ops::equal));
  add("not_equal", binary(ops::not_equal));
  add("less", binary(ops::less));
  add("less_equal", binary(ops::less_equal));
  add("greater", binary(ops::greater));
  add("greater_equal", binary(ops::greater_equal));
  add("logical_and", binary(ops::logical_and));
  add("logical_or", binary(ops::logical_or));
  add("logical_xor", binary(ops::logical_xor));
  add("matmul", binary(ops::matmul));
  add("dot", binary(ops::dot));
  add("sum", reduction(ops::sum));
  add("mean", reduction(ops::mean));
  add("prod", reduction(ops::prod));
  add("var", reduction(ops::var));
  add("std", reduction(ops::std));
  add("any", reduction(ops::any));
  add("all", reduction(ops::all));
  add("logsumexp", reduction(ops::logsumexp));
  add("argmax", arg_reduction(ops::argmax));
  add("argmin", arg_reduction(ops::argmin));
  add("clip", [](A a, T t) -> Tensors { return ops::clip(x(a, t), x(a, t, 1), x(a, t, 2)); });
  add("where", [](A a, T t) -> Tensors { return ops::where(x(a, t), x(a, t, 1), x(a, t, 2)); });
  add("cast", [](A a, T t) -> Tensors { return ops::cast(x(a, t), dtype(a, 1, DType::invalid)); });
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
  add("slice", [](A a, T t) -> Tensors {
    return ops::slice(x(a, t), a.plain(1).get<std::vector<int64_t>>(), a.plain(2).get<std::vector<int64_t>>());
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
  for (auto* add_part : {add_math, add_control, add_create, add_arrange, add_order, add_nn, add_image, add_linalg}) add_part(table);
  return table;
}

}  // namespace

const FunctionTable& ops_functions() {
  static const FunctionTable table = make_table();
  return table;
}

}  // namespace hornbeam::conformance
