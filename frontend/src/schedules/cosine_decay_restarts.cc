// CosineDecayRestarts.
#include <hornbeam/ops.h>
#include <hornbeam/schedules/cosine_decay_restarts.h>

#include <numbers>

namespace hornbeam::schedules {

static const Register<CosineDecayRestarts> registered{"CosineDecayRestarts", "keras.optimizers.schedules"};

CosineDecayRestarts::CosineDecayRestarts(CosineDecayRestartsOptions options) : options_(std::move(options)) {
  if (!(options_.first_decay_steps > 0))
    throw ValueError("[CosineDecayRestarts] `first_decay_steps` must be > 0. Received: first_decay_steps=" +
                     std::to_string(options_.first_decay_steps));
}

Tensor CosineDecayRestarts::call(const Tensor& step) const {
  Tensor done = ops::cast(step, DType::float32) / static_cast<double>(options_.first_decay_steps);
  Tensor restart;  // the number of the running period; `done` becomes the fraction of it
  if (options_.t_mul == 1.0) {
    restart = ops::floor(done);
    done = done - restart;
  } else {
    // Period i starts at (1 - t_mul^i) / (1 - t_mul), the sum of the periods before it.
    Tensor t_mul = ops::full({}, options_.t_mul);
    restart = ops::floor(ops::log(1.0 - done * (1.0 - t_mul)) / ops::log(t_mul));
    Tensor length = ops::power(t_mul, restart);
    done = (done - (1.0 - length) / (1.0 - t_mul)) / length;
  }
  Tensor height = ops::power(ops::full({}, options_.m_mul), restart);
  Tensor cosine = 0.5 * height * (1.0 + ops::cos(std::numbers::pi * done));
  return options_.initial_learning_rate * ((1.0 - options_.alpha) * cosine + options_.alpha);
}

Config CosineDecayRestarts::config() const {
  return Config::object({{"initial_learning_rate", options_.initial_learning_rate},
                         {"first_decay_steps", options_.first_decay_steps},
                         {"t_mul", options_.t_mul},
                         {"m_mul", options_.m_mul},
                         {"alpha", options_.alpha},
                         {"name", options_.name}});
}

CosineDecayRestarts CosineDecayRestarts::from_config(const Config& config) {
  CosineDecayRestartsOptions options;
  config.read("initial_learning_rate", options.initial_learning_rate);
  config.read("first_decay_steps", options.first_decay_steps);
  config.read("t_mul", options.t_mul);
  config.read("m_mul", options.m_mul);
  config.read("alpha", options.alpha);
  config.read("name", options.name);
  return CosineDecayRestarts(std::move(options));
}

}  // namespace hornbeam::schedules
