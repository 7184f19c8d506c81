// Lamb.
#include <hornbeam/ops.h>
#include <hornbeam/optimizers/lamb.h>

#include "frontend/src/optimizers/options.h"

namespace hornbeam::optimizers {

static const Register<Lamb> registered{"Lamb", "keras.optimizers"};

Lamb::Lamb(LambOptions options)
    : Optimizer("lamb", options.learning_rate, common_options(options)), options_(std::move(options)) {}

void Lamb::build_slots(const std::vector<Variable>& trainable) {
  for (const Variable& variable : trainable) {
    slots_->momentums.push_back(add_slot(variable, "momentum"));
    slots_->velocities.push_back(add_slot(variable, "velocity"));
  }
}

void Lamb::update_step(size_t i, const Tensor& gradient, const Variable& variable, const Tensor& rate) const {
  const Variable& m = slots_->momentums.at(i);
  const Variable& v = slots_->velocities.at(i);
  Tensor t = ops::cast(updates() + 1, variable.dtype());
  Tensor beta_1_power = ops::power(ops::full({}, options_.beta_1, variable.dtype()), t);
  Tensor beta_2_power = ops::power(ops::full({}, options_.beta_2, variable.dtype()), t);
  m.assign_add((gradient - m) * (1.0 - options_.beta_1));
  v.assign_add((ops::square(gradient) - v) * (1.0 - options_.beta_2));
  Tensor step = m / (1.0 - beta_1_power) / (ops::sqrt(v / (1.0 - beta_2_power)) + options_.epsilon);
  auto norm = [](const Tensor& x) { return ops::sqrt(ops::sum(ops::square(x))); };
  Tensor own = norm(variable), its = norm(step);
  Tensor both = ops::logical_and(ops::greater(own, 0.0), ops::greater(its, 0.0));
  Tensor ratio = ops::where(both, own / ops::where(both, its, 1.0), 1.0);
  variable.assign_sub(ratio * rate * step);
}

Config Lamb::config() const {
  Config result = Optimizer::config();
  result["beta_1"] = options_.beta_1;
  result["beta_2"] = options_.beta_2;
  result["epsilon"] = options_.epsilon;
  return result;
}

Lamb Lamb::from_config(const Config& config) {
  LambOptions options;
  read_common(config, options);
  config.read("beta_1", options.beta_1);
  config.read("beta_2", options.beta_2);
  config.read("epsilon", options.epsilon);
  return Lamb(std::move(options));
}

}  // namespace hornbeam::optimizers
