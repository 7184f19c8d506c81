// InverseTimeDecay.
#include <hornbeam/ops.h>
#include <hornbeam/schedules/inverse_time_decay.h>

namespace hornbeam::schedules {

static const Register<InverseTimeDecay> registered{"InverseTimeDecay", "keras.optimizers.schedules"};

InverseTimeDecay::InverseTimeDecay(InverseTimeDecayOptions options) : options_(std::move(options)) {
  if (!(options_.decay_steps > 0))
    throw ValueError("[InverseTimeDecay] `decay_steps` must be > 0. Received: decay_steps=" +
                     std::to_string(options_.decay_steps));
}

Tensor InverseTimeDecay::call(const Tensor& step) const {
  Tensor p = ops::cast(step, DType::float32) / static_cast<double>(options_.decay_steps);
  if (options_.staircase) p = ops::floor(p);
  return options_.initial_learning_rate / (1.0 + options_.decay_rate * p);
}

Config InverseTimeDecay::config() const {
  return Config::object({{"initial_learning_rate", options_.initial_learning_rate},
                         {"decay_steps", options_.decay_steps},
                         {"decay_rate", options_.decay_rate},
                         {"staircase", options_.staircase},
                         {"name", options_.name}});
}

InverseTimeDecay InverseTimeDecay::from_config(const Config& config) {
  InverseTimeDecayOptions options;
  config.read("initial_learning_rate", options.initial_learning_rate);
  config.read("decay_steps", options.decay_steps);
  config.read("decay_rate", options.decay_rate);
  config.read("staircase", options.staircase);
  config.read("name", options.name);
  return InverseTimeDecay(std::move(options));
}

}  // namespace hornbeam::schedules
