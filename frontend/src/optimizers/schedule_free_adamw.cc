// ScheduleFreeAdamW.
#include <hornbeam/ops.h>
#include <hornbeam/optimizers/schedule_free_adamw.h>

#include "frontend/src/optimizers/options.h"

namespace hornbeam::optimizers {

static const Register<ScheduleFreeAdamW> registered{"ScheduleFreeAdamW", "keras.optimizers"};

ScheduleFreeAdamW::ScheduleFreeAdamW(ScheduleFreeAdamWOptions options)
    : Optimizer("schedule_free_adam_w", options.learning_rate, common_options(options)), options_(std::move(options)) {}

void ScheduleFreeAdamW::build_slots(const std::vector<Variable>& trainable) {
  for (const Variable& variable : trainable) {
    slots_->momentums.push_back(add_slot(variable, "momentum"));
    slots_->momentums.back().assign(variable.value());  // z starts where y does
    slots_->velocities.push_back(add_slot(variable, "velocity"));
  }
}

void ScheduleFreeAdamW::update_step(size_t i, const Tensor& gradient, const Variable& variable,
                                    const Tensor& rate) const {
  DType dtype = variable.dtype();
  // In the variable's dtype, as in Keras: 1 - beta_1 is rounded from there.
  Tensor beta_1 = ops::full({}, options_.beta_1, dtype), beta_2 = ops::full({}, options_.beta_2, dtype);
  const Variable& z = slots_->momentums.at(i);
  const Variable& v = slots_->velocities.at(i);
  Tensor t = ops::cast(updates() + 1, dtype);
  Tensor warm = rate;
  if (options_.warmup_steps > 0) warm = rate * ops::minimum(t / static_cast<double>(options_.warmup_steps), 1.0);
  Tensor x = (variable - z * (1.0 - beta_1)) / beta_1;  // before z moves
  Tensor correction = 1.0 - ops::power(beta_2, t);
  v.assign_add((ops::square(gradient) - v) * (1.0 - beta_2));
  z.assign_sub(warm * gradient / (ops::sqrt(v / correction) + options_.epsilon));
  Tensor weight = 1.0 / t;
  x = x * (1.0 - weight) + z * weight;
  variable.assign(z * (1.0 - beta_1) + x * beta_1);
}

Config ScheduleFreeAdamW::config() const {
  Config result = Optimizer::config();
  result["beta_1"] = options_.beta_1;
  result["beta_2"] = options_.beta_2;
  result["epsilon"] = options_.epsilon;
  result["warmup_steps"] = options_.warmup_steps;
  return result;
}

ScheduleFreeAdamW ScheduleFreeAdamW::from_config(const Config& config) {
  ScheduleFreeAdamWOptions options;
  read_common(config, options);
  config.read("beta_1", options.beta_1);
  config.read("beta_2", options.beta_2);
  config.read("epsilon", options.epsilon);
  config.read("warmup_steps", options.warmup_steps);
  return ScheduleFreeAdamW(std::move(options));
}

}  // namespace hornbeam::optimizers
