// PolynomialDecay.
#include <hornbeam/ops.h>
#include <hornbeam/schedules/polynomial_decay.h>

namespace hornbeam::schedules {

static const Register<PolynomialDecay> registered{"PolynomialDecay", "keras.optimizers.schedules"};

PolynomialDecay::PolynomialDecay(PolynomialDecayOptions options) : options_(std::move(options)) {
  if (!(options_.decay_steps > 0))
    throw ValueError("[PolynomialDecay] `decay_steps` must be > 0. Received: decay_steps=" +
                     std::to_string(options_.decay_steps));
}

Tensor PolynomialDecay::call(const Tensor& step) const {
  const double length = static_cast<double>(options_.decay_steps);
  Tensor now = ops::cast(step, DType::float32);
  Tensor end = ops::full({}, length);
  if (options_.cycle)
    end = end * ops::where(ops::equal(now, 0.0), 1.0, ops::ceil(now / length));
  else
    now = ops::minimum(now, end);
  Tensor left = ops::power(1.0 - now / end, ops::full({}, options_.power));
  return (options_.initial_learning_rate - options_.end_learning_rate) * left + options_.end_learning_rate;
}

Config PolynomialDecay::config() const {
  return Config::object({{"initial_learning_rate", options_.initial_learning_rate},
                         {"decay_steps", options_.decay_steps},
                         {"end_learning_rate", options_.end_learning_rate},
                         {"power", options_.power},
                         {"cycle", options_.cycle},
                         {"name", options_.name}});
}

PolynomialDecay PolynomialDecay::from_config(const Config& config) {
  PolynomialDecayOptions options;
  config.read("initial_learning_rate", options.initial_learning_rate);
  config.read("decay_steps", options.decay_steps);
  config.read("end_learning_rate", options.end_learning_rate);
  config.read("power", options.power);
  config.read("cycle", options.cycle);
  config.read("name", options.name);
  return PolynomialDecay(std::move(options));
}

}  // namespace hornbeam::schedules
