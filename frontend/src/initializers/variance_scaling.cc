// VarianceScaling.
#include <hornbeam/initializers/variance_scaling.h>

#include <algorithm>
#include <cmath>

#include "frontend/src/initializers/filled.h"
#include "frontend/src/initializers/sampling.h"

namespace hornbeam::initializers {

static const Register<VarianceScaling> registered{"VarianceScaling", "keras.initializers"};

namespace {

// The standard deviation that a standard normal has left when it is cut at two deviations.
constexpr double kTruncatedDeviation = 0.87962566103423978;

void check_one_of(const char* argument, const std::string& value, const std::vector<std::string>& allowed) {
  if (std::find(allowed.begin(), allowed.end(), value) == allowed.end())
    throw ValueError("[VarianceScaling] Invalid `" + std::string(argument) + "` argument: '" + value + "'" +
                     registry::suggest(value, allowed));
}

}  // namespace

VarianceScaling::VarianceScaling(VarianceScalingOptions options) : options_(std::move(options)) {
  if (!(options_.scale > 0))
    throw ValueError("[VarianceScaling] `scale` must be positive. Received: scale=" + std::to_string(options_.scale));
  if (options_.distribution == "normal") options_.distribution = "truncated_normal";
  check_one_of("mode", options_.mode, {"fan_in", "fan_out", "fan_avg"});
  check_one_of("distribution", options_.distribution, {"uniform", "truncated_normal", "untruncated_normal"});
}

Array VarianceScaling::call(const Shape& shape, DType dtype) const {
  auto [fan_in, fan_out] = compute_fans(shape, options_.input_axes.value_or(std::vector<int64_t>{}),
                                        options_.output_axes.value_or(std::vector<int64_t>{}));
  double units = options_.mode == "fan_in"    ? static_cast<double>(fan_in)
                 : options_.mode == "fan_out" ? static_cast<double>(fan_out)
                                              : (static_cast<double>(fan_in) + static_cast<double>(fan_out)) / 2;
  double variance = options_.scale / std::max(1.0, units);
  Sampler sampler(options_.seed);
  if (options_.distribution == "uniform") {
    double limit = std::sqrt(3 * variance);
    return filled(shape, dtype, [&](int64_t i) { return limit * (2.0 * sampler.uniform(i) - 1.0); });
  }
  double deviation = std::sqrt(variance);
  if (options_.distribution == "untruncated_normal")
    return filled(shape, dtype, [&](int64_t i) { return deviation * sampler.normal(i); });
  deviation /= kTruncatedDeviation;
  return filled(shape, dtype, [&](int64_t i) { return deviation * sampler.truncated_normal(i); });
}

Config VarianceScaling::config() const {
  return Config::object({{"seed", options_.seed},
                         {"scale", options_.scale},
                         {"mode", options_.mode},
                         {"distribution", options_.distribution},
                         {"input_axes", options_.input_axes},
                         {"output_axes", options_.output_axes}});
}

VarianceScaling VarianceScaling::from_config(const Config& config) {
  VarianceScalingOptions options;
  config.read("scale", options.scale);
  config.read("mode", options.mode);
  config.read("distribution", options.distribution);
  config.read("seed", options.seed);
  config.read("input_axes", options.input_axes);
  config.read("output_axes", options.output_axes);
  return VarianceScaling(std::move(options));
}

}  // namespace hornbeam::initializers
