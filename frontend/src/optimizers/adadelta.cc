// Adadelta.
#include <hornbeam/ops.h>
#include <hornbeam/optimizers/adadelta.h>

#include "frontend/src/optimizers/options.h"

namespace hornbeam::optimizers {

static const Register<Adadelta> registered{"Adadelta", "keras.optimizers"};

Adadelta::Adadelta(AdadeltaOptions options)
    : Optimizer("adadelta", options.learning_rate, common_options(options)), options_(std::move(options)) {}

void Adadelta::build_slots(const std::vector<Variable>& trainable) {
  for (const Variable& variable : trainable) {
    slots_->accumulated_grads.push_back(add_slot(variable, "accumulated_grad"));
    slots_->accumulated_delta_vars.push_back(add_slot(variable, "accumulated_delta_var"));
  }
}

void Adadelta::update_step(size_t i, const Tensor& gradient, const Variable& variable, const Tensor& rate) const {
  const Variable& squares = slots_->accumulated_grads.at(i);
  const Variable& deltas = slots_->accumulated_delta_vars.at(i);
  const double rho = options_.rho;
  squares.assign(squares * rho + ops::square(gradient) * (1.0 - rho));
  Tensor delta = -(gradient * ops::sqrt(deltas + options_.epsilon) / ops::sqrt(squares + options_.epsilon));
  deltas.assign(deltas * rho + ops::square(delta) * (1.0 - rho));
  variable.assign_add(rate * delta);
}

Config Adadelta::config() const {
  Config result = Optimizer::config();
  result["rho"] = options_.rho;
  result["epsilon"] = options_.epsilon;
  return result;
}

Adadelta Adadelta::from_config(const Config& config) {
  AdadeltaOptions options;
  read_common(config, options);
  config.read("rho", options.rho);
  config.read("epsilon", options.epsilon);
  return Adadelta(std::move(options));
}

}  // namespace hornbeam::optimizers
