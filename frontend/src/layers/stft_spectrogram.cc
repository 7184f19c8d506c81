#include <hornbeam/layers/stft_spectrogram.h>

#include <algorithm>

#include <hornbeam/ops.h>
#include <hornbeam/ops/math.h>

#include "frontend/src/layers/checks.h"
#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/windows.h"

namespace hornbeam::layers {

static const Register<STFTSpectrogram> registered{"STFTSpectrogram", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("mode", options.mode);
  field("frame_length", options.frame_length);
  field("frame_step", options.frame_step);
  field("fft_length", options.fft_length);
  field("window", options.window);
  field("periodic", options.periodic);
  field("scaling", options.scaling);
  field("padding", options.padding);
  field("expand_dims", options.expand_dims);
  field("data_format", options.data_format);
};

}  // namespace

STFTSpectrogram::STFTSpectrogram(STFTSpectrogramOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  auto fail = [](const std::string& text) { throw ValueError("[STFTSpectrogram] " + text); };
  check_positive("STFTSpectrogram", "frame_length", options_.frame_length);
  if (options_.frame_step && (*options_.frame_step < 1 || *options_.frame_step > options_.frame_length))
    fail("`frame_step` should be a positive integer not greater than `frame_length`. Received: frame_step=" +
         std::to_string(*options_.frame_step) + ", frame_length=" + std::to_string(options_.frame_length));
  if (options_.fft_length && *options_.fft_length < options_.frame_length)
    fail("`fft_length` should be not less than `frame_length`. Received: fft_length=" +
         std::to_string(*options_.fft_length) + ", frame_length=" + std::to_string(options_.frame_length));
  const std::vector<std::string> modes = {"log", "magnitude", "psd", "real", "imag", "angle", "stft"};
  if (std::find(modes.begin(), modes.end(), options_.mode) == modes.end())
    fail("Output mode is invalid, it must be one of log, magnitude, psd, real, imag, angle, stft. Received: mode=" +
         options_.mode);
  check_padding("STFTSpectrogram", options_.padding);
  check_data_format("STFTSpectrogram", options_.data_format);
  initializers::STFT(stft("real"));  // throws for a window or scaling that is not known
}

void STFTSpectrogram::check_input(const Shape& input) const { check_rank(*this, input, 3); }

void STFTSpectrogram::build(const Shape& input) {
  const Shape shape{options_.frame_length, 1, fft_length() / 2 + 1};
  if (options_.mode != "imag")
    real_kernel_ = add_weight({.name = "real_kernel", .shape = shape, .initializer = initializers::STFT(stft("real"))});
  if (options_.mode != "real")
    imag_kernel_ = add_weight({.name = "imag_kernel", .shape = shape, .initializer = initializers::STFT(stft("imag"))});
}

int64_t STFTSpectrogram::fft_length() const {
  if (options_.fft_length) return *options_.fft_length;
  int64_t length = 1;
  while (length < options_.frame_length) length *= 2;
  return length;
}

initializers::STFTOptions STFTSpectrogram::stft(const char* side) const {
  return {.side = side, .window = options_.window, .scaling = options_.scaling, .periodic = options_.periodic};
}

Tensor STFTSpectrogram::frames(const Tensor& x, const Variable& kernel) const {
  Tensor signal = channels_first(options_.data_format) ? x : ops::transpose(x, {0, 2, 1});
  const int64_t batch = signal.shape()[0], channels = signal.shape()[1], time = signal.shape()[2];
  int64_t step = options_.frame_step.value_or(std::max<int64_t>(options_.frame_length / 2, 1));
  Tensor y = ops::conv(ops::reshape(signal, {batch * channels, time, 1}), kernel, {step}, options_.padding, "channels_last");
  y = ops::transpose(y, {0, 2, 1});
  return ops::reshape(y, {batch, channels, y.shape()[1], y.shape()[2]});
}

Tensor STFTSpectrogram::arranged(const Tensor& y) const {
  const bool first = channels_first(options_.data_format);
  if (options_.expand_dims)
    return ops::transpose(y, first ? std::vector<int64_t>{0, 1, 3, 2} : std::vector<int64_t>{0, 3, 2, 1});
  const Shape& shape = y.shape();
  Tensor flat = ops::reshape(y, {shape[0], shape[1] * shape[2], shape[3]});
  return first ? flat : ops::transpose(flat, {0, 2, 1});
}

Tensor STFTSpectrogram::call(const Tensor& x, const CallArgs& args) {
  auto part = [&](const Variable& kernel) { return frames(x, kernel); };
  if (options_.mode == "real") return arranged(part(real_kernel_));
  if (options_.mode == "imag") return arranged(part(imag_kernel_));
  Tensor real = part(real_kernel_), imag = part(imag_kernel_);
  if (options_.mode == "angle") return arranged(ops::arctan2(imag, real));
  if (options_.mode == "stft") return arranged(ops::concatenate({real, imag}, 2));
  Tensor power = ops::square(real) + ops::square(imag);
  if (options_.mode == "psd") {
    // The frequencies that have a negative twin count twice.
    Tensor inner = ops::slice_axis(power, 2, 1, power.shape()[2] - 1);
    return arranged(power + ops::pad(inner, {{0, 0}, {0, 0}, {1, 1}, {0, 0}}));
  }
  Tensor magnitude = arranged(ops::sqrt(ops::maximum(power, config::epsilon())));
  return options_.mode == "magnitude" ? magnitude : ops::log(ops::maximum(magnitude, config::epsilon()));
}

Config STFTSpectrogram::config() const { return with_fields(base_config(), options_, kFields); }

STFTSpectrogram STFTSpectrogram::from_config(const Config& config) {
  return STFTSpectrogram(options_from<STFTSpectrogramOptions>(config, kFields));
}

}  // namespace hornbeam::layers
