// STFT.
#include <hornbeam/initializers/stft.h>

#include <cmath>
#include <map>
#include <numbers>
#include <vector>

#include "frontend/src/initializers/filled.h"

namespace hornbeam::initializers {

static const Register<STFT> registered{"STFT", "keras.initializers", {"STFTInitializer"}};

namespace {

// A window is a sum of cosines: w(t) = a0 - a1 cos(x) + a2 cos(2x), x = 2 pi t / period.
const std::map<std::string, std::vector<double>>& windows() {
  static const std::map<std::string, std::vector<double>> known = {{"hann", {0.5, 0.5, 0.0}},
                                                                   {"hamming", {0.54, 0.46, 0.0}},
                                                                   {"blackman", {0.42, 0.5, 0.08}},
                                                                   {"boxcar", {1.0, 0.0, 0.0}}};
  return known;
}

std::vector<double> window_of(const std::string& name, int64_t length, bool periodic) {
  const std::vector<double>& a = windows().at(name);
  int64_t period = periodic ? length : length - 1;
  std::vector<double> window(length, 1.0);
  if (length > 1)
    for (int64_t t = 0; t < length; ++t) {
      double x = 2 * std::numbers::pi * static_cast<double>(t) / static_cast<double>(period);
      window[t] = a[0] - a[1] * std::cos(x) + a[2] * std::cos(2 * x);
    }
  return window;
}

}  // namespace

STFT::STFT(STFTOptions options) : options_(std::move(options)) {
  if (options_.side != "real" && options_.side != "imag")
    throw ValueError("[STFT] `side` should be 'real' or 'imag'. Received: side='" + options_.side + "'");
  if (options_.scaling && *options_.scaling != "density" && *options_.scaling != "spectrum")
    throw ValueError("[STFT] `scaling` must be none, 'density' or 'spectrum'. Received: scaling='" + *options_.scaling +
                     "'");
  if (options_.window && !windows().contains(*options_.window)) {
    std::vector<std::string> names;
    for (const auto& [name, coefficients] : windows()) names.push_back(name);
    throw ValueError("[STFT] Unknown `window`: '" + *options_.window + "'" +
                     registry::suggest(*options_.window, names));
  }
}

Array STFT::call(const Shape& shape, DType dtype) const {
  if (shape.rank() != 3)
    throw ValueError("[STFT] The kernel must have the axes (frame_length, channels, bins). Received: shape=" +
                     shape.to_string());
  int64_t frame = shape[0], channels = shape[1], bins = shape[2];
  std::vector<double> window(frame, 1.0);
  double scale = 1;
  if (options_.window) {
    window = window_of(*options_.window, frame, options_.periodic);
    if (options_.scaling) {
      scale = 0;
      for (double w : window) scale += *options_.scaling == "density" ? w * w : std::abs(w);
      if (*options_.scaling == "density") scale = std::sqrt(scale);
    }
  }
  double fft_length = static_cast<double>((bins - 1) * 2);
  return filled(shape, dtype, [&](int64_t i) {
    int64_t t = i / (channels * bins), f = i % bins;
    double angle = -2 * std::numbers::pi * static_cast<double>(t) * static_cast<double>(f) / fft_length;
    return (options_.side == "real" ? std::cos(angle) : std::sin(angle)) * window[t] / scale;
  });
}

Config STFT::config() const {
  return Config::object({{"side", options_.side},
                         {"window", options_.window},
                         {"periodic", options_.periodic},
                         {"scaling", options_.scaling}});
}

STFT STFT::from_config(const Config& config) {
  STFTOptions options;
  config.read("side", options.side);
  config.read("window", options.window);
  config.read("scaling", options.scaling);
  config.read("periodic", options.periodic);
  return STFT(std::move(options));
}

}  // namespace hornbeam::initializers
