// PiecewiseConstantDecay.
#include <hornbeam/ops.h>
#include <hornbeam/schedules/piecewise_constant_decay.h>

#include <cmath>

namespace hornbeam::schedules {

static const Register<PiecewiseConstantDecay> registered{"PiecewiseConstantDecay", "keras.optimizers.schedules"};

PiecewiseConstantDecay::PiecewiseConstantDecay(PiecewiseConstantDecayOptions options) : options_(std::move(options)) {
  if (options_.boundaries.empty() || options_.boundaries.size() + 1 != options_.values.size())
    throw ValueError(
        "[PiecewiseConstantDecay] There must be one value more than boundaries, and a boundary. Received: " +
        std::to_string(options_.boundaries.size()) + " boundaries and " + std::to_string(options_.values.size()) +
        " values");
}

Tensor PiecewiseConstantDecay::call(const Tensor& step) const {
  Tensor rate = ops::full({}, options_.values.back());
  for (size_t i = options_.boundaries.size(); i-- > 0;) {
    // Steps are whole numbers, so a boundary between two of them acts as the one below.
    int64_t boundary = static_cast<int64_t>(std::floor(options_.boundaries[i]));
    rate = ops::where(ops::less_equal(step, boundary), options_.values[i], rate);
  }
  return rate;
}

Config PiecewiseConstantDecay::config() const {
  return Config::object({{"boundaries", options_.boundaries}, {"values", options_.values}, {"name", options_.name}});
}

PiecewiseConstantDecay PiecewiseConstantDecay::from_config(const Config& config) {
  PiecewiseConstantDecayOptions options;
  config.read("boundaries", options.boundaries);
  config.read("values", options.values);
  config.read("name", options.name);
  return PiecewiseConstantDecay(std::move(options));
}

}  // namespace hornbeam::schedules
