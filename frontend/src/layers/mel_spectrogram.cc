#include <hornbeam/layers/mel_spectrogram.h>

#include <algorithm>
#include <cmath>

#include <hornbeam/ops.h>
#include <hornbeam/ops/fft.h>

#include "frontend/src/layers/checks.h"
#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/windows.h"

namespace hornbeam::layers {

static const Register<MelSpectrogram> registered{"MelSpectrogram", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("fft_length", options.fft_length);
  field("sequence_stride", options.sequence_stride);
  field("window", options.window);
  field("num_mel_bins", options.num_mel_bins);
  field("min_freq", options.min_freq);
  field("power_to_db", options.power_to_db);
  field("top_db", options.top_db);
  field("mag_exp", options.mag_exp);
  field("min_power", options.min_power);
  field("ref_power", options.ref_power);
};

// An integer where it is one, as Keras' defaults are.
Config as_given(double value) {
  return value == std::floor(value) ? Config(static_cast<int64_t>(value)) : Config(value);
}

double mel(double hertz) { return 1127.0 * std::log(1 + hertz / 700); }

}  // namespace

MelSpectrogram::MelSpectrogram(MelSpectrogramOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  if (!options_.sequence_length) options_.sequence_length = options_.fft_length;
  if (!options_.max_freq) options_.max_freq = std::floor(options_.sampling_rate / 2);
  check_positive("MelSpectrogram", "fft_length", options_.fft_length);
  check_positive("MelSpectrogram", "sequence_stride", options_.sequence_stride);
  check_positive("MelSpectrogram", "sequence_length", *options_.sequence_length);
  check_positive("MelSpectrogram", "num_mel_bins", options_.num_mel_bins);
  if (options_.fft_length < *options_.sequence_length)
    throw ValueError(
        "[MelSpectrogram] `fft_length` must not be less than `sequence_length`. Received: sequence_length=" +
        std::to_string(*options_.sequence_length) + ", fft_length=" + std::to_string(options_.fft_length));
}

void MelSpectrogram::check_input(const Shape& input) const {
  if (input.rank() != 1) check_rank(*this, input, 2);
}

Array MelSpectrogram::mel_weights() const {
  const int64_t frequencies = options_.fft_length / 2 + 1, bands = options_.num_mel_bins;
  const double low = mel(options_.min_freq), high = mel(*options_.max_freq);
  auto edge = [&](int64_t i) { return low + (high - low) * static_cast<double>(i) / static_cast<double>(bands + 1); };
  Array weights(DType::float32, {frequencies, bands});
  for (int64_t f = 1; f < frequencies; ++f) {
    double at = mel(options_.sampling_rate / 2 * static_cast<double>(f) / static_cast<double>(frequencies - 1));
    for (int64_t band = 0; band < bands; ++band) {
      double rise = (at - edge(band)) / (edge(band + 1) - edge(band));
      double fall = (edge(band + 2) - at) / (edge(band + 2) - edge(band + 1));
      weights.set(f * bands + band, std::max(0.0, std::min(rise, fall)));
    }
  }
  return weights;
}

Tensor MelSpectrogram::call(const Tensor& x, const CallArgs& args) {
  DType dtype = compute_dtype() == DType::float64 ? DType::float64 : DType::float32;
  auto spectrum = ops::stft(ops::cast(x, dtype), *options_.sequence_length, options_.sequence_stride,
                            options_.fft_length, options_.window.value_or(""));
  Tensor power = ops::square(spectrum.real) + ops::square(spectrum.imag);
  if (options_.mag_exp != 2) power = ops::power(ops::sqrt(power), options_.mag_exp);
  Tensor mel = ops::matmul(power, ops::cast(mel_weights(), dtype));
  if (options_.power_to_db) {
    const double reference = 10 * std::log10(std::max(std::abs(options_.ref_power), options_.min_power));
    mel = 10 * ops::log10(ops::maximum(mel, options_.min_power)) - reference;
    mel = ops::maximum(mel, ops::max(mel) - options_.top_db);
  }
  return ops::cast(ops::swapaxes(mel, -1, -2), compute_dtype());
}

Config MelSpectrogram::config() const {
  Config config = with_fields(base_config(), options_, kFields);
  config["sequence_length"] = options_.sequence_length;
  config["sampling_rate"] = as_given(options_.sampling_rate);
  config["max_freq"] = as_given(*options_.max_freq);
  return config;
}

MelSpectrogram MelSpectrogram::from_config(const Config& config) {
  auto options = options_from<MelSpectrogramOptions>(config, kFields);
  config.read("sequence_length", options.sequence_length);
  config.read("sampling_rate", options.sampling_rate);
  config.read("max_freq", options.max_freq);
  return MelSpectrogram(std::move(options));
}

}  // namespace hornbeam::layers
