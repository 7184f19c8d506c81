// The table's entries of neural networks: convolutions, windows, normalization, attention, CTC.
#include <hornbeam/ops/attention.h>
#include <hornbeam/ops/ctc.h>
#include <hornbeam/ops/fft.h>
#include <hornbeam/ops/normalization.h>
#include <hornbeam/ops/statistics.h>
#include <hornbeam/ops/windows.h>

#include "test/conformance/ops_arguments_support.h"

namespace hornbeam::conformance {

using nlohmann::json;

namespace {

// Of one axis, or of several.
NamedFunction over_axes(Tensor (*one)(const Tensor&, int64_t), Tensor (*several)(const Tensor&, std::vector<int64_t>)) {
  return [=](A a, T t) -> Tensors {
    json axis = option(a, "axis", 1);
    if (axis.is_array()) return several(x(a, t), axis.get<std::vector<int64_t>>());
    return one(x(a, t), integer(a, "axis", 1, -1));
  };
}
NamedFunction adaptive(Tensor (*f)(const Tensor&, std::vector<int64_t>, const std::string&)) {
  return [f](A a, T t) -> Tensors {
    return f(x(a, t), sizes(option(a, "output_size", 1), {}), text(a, "data_format", "channels_last"));
  };
}
std::vector<int64_t> strides(A a) { return sizes(a.value("strides"), {1}); }
std::string padding(A a) { return text(a, "padding", "valid"); }
// A pair of real and imaginary parts, given as a list.
ops::Complex pair_of(A a, T t) {
  Tensors both = a.positional(0, t);
  return {both[0], both[1]};
}
Tensors parts(const ops::Complex& y) { return {y.real, y.imag}; }
NamedFunction transform(ops::Complex (*f)(const ops::Complex&)) {
  return [f](A a, T t) -> Tensors { return parts(f(pair_of(a, t))); };
}
// window=None is written as null.
std::string window(A a) { return a.has("window") && a.value("window").is_null() ? "" : text(a, "window", "hann"); }
Axes axis_or_last(A a) { return a.has("axis") ? axes(a) : Axes(-1); }

}  // namespace

void add_nn(FunctionTable& table) {
  auto add = [&](const char* name, NamedFunction function) {
    table["keras.ops." + std::string(name)] = std::move(function);
  };
  add("softmax", over_axes(ops::softmax, ops::softmax));
  add("log_softmax", over_axes(ops::log_softmax, ops::log_softmax));
  add("conv_transpose", [](A a, T t) -> Tensors {
    return ops::conv_transpose(x(a, t), x(a, t, 1), strides(a), padding(a), sizes(a.value("output_padding"), {}));
  });
  add("depthwise_conv",
      [](A a, T t) -> Tensors { return ops::depthwise_conv(x(a, t), x(a, t, 1), strides(a), padding(a)); });
  add("separable_conv",
      [](A a, T t) -> Tensors { return ops::separable_conv(x(a, t), x(a, t, 1), x(a, t, 2), strides(a), padding(a)); });
  add("adaptive_average_pool", adaptive(ops::adaptive_average_pool));
  add("adaptive_max_pool", adaptive(ops::adaptive_max_pool));
  add("unfold", [](A a, T t) -> Tensors {
    return ops::unfold(x(a, t), sizes(a.plain(1), {}), sizes(a.value("dilation"), {1}), sizes(a.value("padding"), {0}),
                       sizes(a.value("stride"), {1}));
  });
  add("fold", [](A a, T t) -> Tensors {
    return ops::fold(x(a, t), sizes(a.plain(1), {}), sizes(a.plain(2), {}), sizes(a.value("dilation"), {1}),
                     sizes(a.value("padding"), {0}), sizes(a.value("stride"), {1}));
  });
  add("fft", transform(ops::fft));
  add("fft2", transform(ops::fft2));
  add("ifft2", transform(ops::ifft2));
  add("rfft", [](A a, T t) -> Tensors { return parts(ops::rfft(x(a, t), maybe_integer(a, "fft_length", 1))); });
  add("irfft", [](A a, T t) -> Tensors { return ops::irfft(pair_of(a, t), maybe_integer(a, "fft_length", 1)); });
  add("stft", [](A a, T t) -> Tensors {
    return parts(ops::stft(x(a, t), integer(a, "", 1, 0), integer(a, "", 2, 0), integer(a, "", 3, 0), window(a),
                           flag(a, "center", true)));
  });
  add("istft", [](A a, T t) -> Tensors {
    return ops::istft(pair_of(a, t), integer(a, "", 1, 0), integer(a, "", 2, 0), integer(a, "", 3, 0), {}, window(a),
                      flag(a, "center", true));
  });
  add("moments", [](A a, T t) -> Tensors {
    ops::Moments m = ops::moments(x(a, t), axes(a, "axes"), flag(a, "keepdims", false));
    return {m.mean, m.variance};
  });
  add("batch_normalization", [](A a, T t) -> Tensors {
    return ops::batch_normalization(x(a, t), x(a, t, 1), x(a, t, 2), integer(a, "axis", 3, -1), a.keyword("offset", t),
                                    a.keyword("scale", t), number(a, "epsilon", 99, 1e-3));
  });
  add("layer_normalization", [](A a, T t) -> Tensors {
    return ops::layer_normalization(x(a, t), a.keyword("gamma", t), a.keyword("beta", t), axis_or_last(a),
                                    number(a, "epsilon", 99, 1e-7));
  });
  add("rms_normalization", [](A a, T t) -> Tensors {
    return ops::rms_normalization(x(a, t), a.keyword("scale", t), axis_or_last(a), number(a, "epsilon", 99, 1e-7));
  });
  add("normalize",
      [](A a, T t) -> Tensors { return ops::normalize(x(a, t), axis_or_last(a), integer(a, "order", 2, 2)); });
  add("dot_product_attention", [](A a, T t) -> Tensors {
    return ops::dot_product_attention(x(a, t), x(a, t, 1), x(a, t, 2), a.keyword("bias", t), a.keyword("mask", t),
                                      maybe_number(a, "scale"), flag(a, "is_causal", false));
  });
  add("ctc_loss", [](A a, T t) -> Tensors {
    return ops::ctc_loss(x(a, t), x(a, t, 1), x(a, t, 2), x(a, t, 3), integer(a, "mask_index", 4, 0));
  });
  add("ctc_decode", [](A a, T t) -> Tensors {
    ops::CtcDecoded decoded = ops::ctc_decode(x(a, t), x(a, t, 1), text(a, "strategy", "greedy"),
                                              integer(a, "beam_width", 99, 100), integer(a, "top_paths", 99, 1),
                                              flag(a, "merge_repeated", true), integer(a, "mask_index", 99, 0));
    return {decoded.paths, decoded.scores};
  });
}

}  // namespace hornbeam::conformance
