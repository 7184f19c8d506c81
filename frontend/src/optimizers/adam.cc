// Adam.
#include <hornbeam/ops.h>
#include <hornbeam/optimizers/adam.h>

#include "frontend/src/optimizers/options.h"

namespace hornbeam::optimizers {

static const Register<Adam> registered{"Adam", "keras.optimizers"};

Adam::Adam(AdamOptions options)
    : Optimizer("adam", options.learning_rate, common_options(options)),
      beta_1_(options.beta_1),
      beta_2_(options.beta_2),
      epsilon_(options.epsilon),
      amsgrad_(options.amsgrad) {
  for (auto [option, value] : {std::pair("beta_1", beta_1_), std::pair("beta_2", beta_2_)})
    if (!(value >= 0 && value < 1))
      throw ValueError("[" + name() + "] `" + option + "` must be in the range [0, 1). Received: " + option + "=" +
                       std::to_string(value));
}

void Adam::build_slots(const std::vector<Variable>& trainable) {
  for (const Variable& variable : trainable) {
    slots_->momentums.push_back(add_slot(variable, "momentum"));
    slots_->velocities.push_back(add_slot(variable, "velocity"));
  }
  if (amsgrad_)
    for (const Variable& variable : trainable) slots_->velocity_hats.push_back(add_slot(variable, "velocity_hat"));
}

void Adam::update_step(size_t i, const Tensor& gradient, const Variable& variable, const Tensor& rate) const {
  const Variable& m = slots_->momentums.at(i);
  const Variable& v = slots_->velocities.at(i);
  Tensor t = ops::cast(updates() + 1, variable.dtype());
  Tensor beta_1_power = ops::power(ops::full({}, beta_1_, variable.dtype()), t);
  Tensor beta_2_power = ops::power(ops::full({}, beta_2_, variable.dtype()), t);
  Tensor alpha = rate * ops::sqrt(1.0 - beta_2_power) / (1.0 - beta_1_power);
  m.assign_add((gradient - m) * (1.0 - beta_1_));
  v.assign_add((ops::square(gradient) - v) * (1.0 - beta_2_));
  Tensor second = v;
  if (amsgrad_) {
    const Variable& largest = slots_->velocity_hats.at(i);
    largest.assign(ops::maximum(largest, v));
    second = largest;
  }
  variable.assign_sub(m * alpha / (ops::sqrt(second) + epsilon_));
}

Config Adam::config() const {
  Config result = Optimizer::config();
  result["beta_1"] = beta_1_;
  result["beta_2"] = beta_2_;
  result["epsilon"] = epsilon_;
  result["amsgrad"] = amsgrad_;
  return result;
}

Adam Adam::from_config(const Config& config) {
  AdamOptions options;
  read_common(config, options);
  config.read("beta_1", options.beta_1);
  config.read("beta_2", options.beta_2);
  config.read("epsilon", options.epsilon);
  config.read("amsgrad", options.amsgrad);
  return Adam(std::move(options));
}

}  // namespace hornbeam::optimizers
