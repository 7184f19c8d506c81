// CosineDecay.
#include <hornbeam/ops.h>
#include <hornbeam/schedules/cosine_decay.h>

#include <numbers>

namespace hornbeam::schedules {

static const Register<CosineDecay> registered{"CosineDecay", "keras.optimizers.schedules"};

CosineDecay::CosineDecay(CosineDecayOptions options) : options_(std::move(options)) {
  if (!(options_.decay_steps > 0))
    throw ValueError("[CosineDecay] `decay_steps` must be > 0. Received: decay_steps=" +
                     std::to_string(options_.decay_steps));
  if (options_.warmup_steps < 0)
    throw ValueError("[CosineDecay] `warmup_steps` must not be negative. Received: warmup_steps=" +
                     std::to_string(options_.warmup_steps));
}

Tensor CosineDecay::call(const Tensor& step) const {
  const double length = static_cast<double>(options_.decay_steps), warmup = static_cast<double>(options_.warmup_steps);
  auto decayed = [&](const Tensor& now, double from) {
    Tensor cosine = 0.5 * (1.0 + ops::cos(std::numbers::pi * (now / length)));
    return from * ((1.0 - options_.alpha) * cosine + options_.alpha);
  };
  Tensor now = ops::cast(step, DType::float32);
  if (!options_.warmup_target) return decayed(ops::minimum(now, length), options_.initial_learning_rate);
  now = ops::minimum(now, length + warmup);
  Tensor after = decayed(now - warmup, *options_.warmup_target);
  if (options_.warmup_steps == 0) return after;
  Tensor rising =
      (*options_.warmup_target - options_.initial_learning_rate) * (now / warmup) + options_.initial_learning_rate;
  return ops::where(ops::less(now, warmup), rising, after);
}

Config CosineDecay::config() const {
  return Config::object({{"initial_learning_rate", options_.initial_learning_rate},
                         {"decay_steps", options_.decay_steps},
                         {"alpha", options_.alpha},
                         {"name", options_.name},
                         {"warmup_target", options_.warmup_target},
                         {"warmup_steps", options_.warmup_steps}});
}

CosineDecay CosineDecay::from_config(const Config& config) {
  CosineDecayOptions options;
  config.read("initial_learning_rate", options.initial_learning_rate);
  config.read("decay_steps", options.decay_steps);
  config.read("alpha", options.alpha);
  config.read("warmup_target", options.warmup_target);
  config.read("warmup_steps", options.warmup_steps);
  config.read("name", options.name);
  return CosineDecay(std::move(options));
}

}  // namespace hornbeam::schedules
