// Adamax.
#include <hornbeam/ops.h>
#include <hornbeam/optimizers/adamax.h>

#include "frontend/src/optimizers/options.h"

namespace hornbeam::optimizers {

static const Register<Adamax> registered{"Adamax", "keras.optimizers"};

Adamax::Adamax(AdamaxOptions options)
    : Optimizer("adamax", options.learning_rate, common_options(options)), options_(std::move(options)) {}

void Adamax::build_slots(const std::vector<Variable>& trainable) {
  for (const Variable& variable : trainable) {
    slots_->momentums.push_back(add_slot(variable, "momentum"));
    slots_->norms.push_back(add_slot(variable, "norm"));
  }
}

void Adamax::update_step(size_t i, const Tensor& gradient, const Variable& variable, const Tensor& rate) const {
  const Variable& m = slots_->momentums.at(i);
  const Variable& u = slots_->norms.at(i);
  Tensor t = ops::cast(updates() + 1, variable.dtype());
  Tensor beta_1_power = ops::power(ops::full({}, options_.beta_1, variable.dtype()), t);
  m.assign_add((gradient - m) * (1.0 - options_.beta_1));
  u.assign(ops::maximum(u * options_.beta_2, ops::abs(gradient)));
  variable.assign_sub(rate * m / ((1.0 - beta_1_power) * (u + options_.epsilon)));
}

Config Adamax::config() const {
  Config result = Optimizer::config();
  result["beta_1"] = options_.beta_1;
  result["beta_2"] = options_.beta_2;
  result["epsilon"] = options_.epsilon;
  return result;
}

Adamax Adamax::from_config(const Config& config) {
  AdamaxOptions options;
  read_common(config, options);
  config.read("beta_1", options.beta_1);
  config.read("beta_2", options.beta_2);
  config.read("epsilon", options.epsilon);
  return Adamax(std::move(options));
}

}  // namespace hornbeam::optimizers
