// SGD.
#include <hornbeam/ops.h>
#include <hornbeam/optimizers/sgd.h>

#include "frontend/src/optimizers/options.h"

namespace hornbeam::optimizers {

static const Register<SGD> registered{"SGD", "keras.optimizers"};

SGD::SGD(SGDOptions options)
    : Optimizer("sgd", options.learning_rate, common_options(options)),
      momentum_(options.momentum),
      nesterov_(options.nesterov) {
  if (!(momentum_ >= 0 && momentum_ <= 1))
    throw ValueError("[" + name() +
                     "] `momentum` must be in the range [0, 1]. Received: momentum=" + std::to_string(momentum_));
}

void SGD::build_slots(const std::vector<Variable>& trainable) {
  if (momentum_ == 0) return;
  for (const Variable& variable : trainable) momentums_->push_back(add_slot(variable, "momentum"));
}

void SGD::update_step(size_t i, const Tensor& gradient, const Variable& variable, const Tensor& rate) const {
  if (momentum_ == 0) return variable.assign_sub(gradient * rate);
  const Variable& m = momentums_->at(i);
  m.assign(m * momentum_ - gradient * rate);
  variable.assign_add(nesterov_ ? m * momentum_ - gradient * rate : Tensor(m));
}

Config SGD::config() const {
  Config result = Optimizer::config();
  result["momentum"] = momentum_;
  result["nesterov"] = nesterov_;
  return result;
}

SGD SGD::from_config(const Config& config) {
  SGDOptions options;
  read_common(config, options);
  config.read("momentum", options.momentum);
  config.read("nesterov", options.nesterov);
  return SGD(std::move(options));
}

}  // namespace hornbeam::optimizers
