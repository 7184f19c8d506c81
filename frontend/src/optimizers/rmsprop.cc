// RMSprop.
#include <hornbeam/ops.h>
#include <hornbeam/optimizers/rmsprop.h>

#include "frontend/src/optimizers/options.h"

namespace hornbeam::optimizers {

static const Register<RMSprop> registered{"RMSprop", "keras.optimizers"};

RMSprop::RMSprop(RMSpropOptions options)
    : Optimizer("rmsprop", options.learning_rate, common_options(options)),
      rho_(options.rho),
      momentum_(options.momentum),
      epsilon_(options.epsilon),
      centered_(options.centered) {}

void RMSprop::build_slots(const std::vector<Variable>& trainable) {
  for (const Variable& variable : trainable) slots_->velocities.push_back(add_slot(variable, "velocity"));
  if (momentum_ > 0)
    for (const Variable& variable : trainable) slots_->momentums.push_back(add_slot(variable, "momentum"));
  if (centered_)
    for (const Variable& variable : trainable)
      slots_->average_gradients.push_back(add_slot(variable, "average_gradient"));
}

void RMSprop::update_step(size_t i, const Tensor& gradient, const Variable& variable, const Tensor& rate) const {
  const Variable& v = slots_->velocities.at(i);
  v.assign(v * rho_ + ops::square(gradient) * (1.0 - rho_));
  Tensor denominator = v + epsilon_;
  if (centered_) {
    const Variable& average = slots_->average_gradients.at(i);
    average.assign(average * rho_ + gradient * (1.0 - rho_));
    denominator = v - ops::square(average) + epsilon_;
  }
  Tensor step = rate * gradient * ops::rsqrt(denominator);
  if (momentum_ > 0) {
    const Variable& m = slots_->momentums.at(i);
    m.assign(m * momentum_ + step);
    step = m;
  }
  variable.assign_sub(step);
}

Config RMSprop::config() const {
  Config result = Optimizer::config();
  result["rho"] = rho_;
  result["momentum"] = momentum_;
  result["epsilon"] = epsilon_;
  result["centered"] = centered_;
  return result;
}

RMSprop RMSprop::from_config(const Config& config) {
  RMSpropOptions options;
  read_common(config, options);
  config.read("rho", options.rho);
  config.read("momentum", options.momentum);
  config.read("epsilon", options.epsilon);
  config.read("centered", options.centered);
  return RMSprop(std::move(options));
}

}  // namespace hornbeam::optimizers
