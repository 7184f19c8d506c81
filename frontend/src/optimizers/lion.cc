// Lion.
#include <hornbeam/ops.h>
#include <hornbeam/optimizers/lion.h>

#include "frontend/src/optimizers/options.h"

namespace hornbeam::optimizers {

static const Register<Lion> registered{"Lion", "keras.optimizers"};

Lion::Lion(LionOptions options)
    : Optimizer("lion", options.learning_rate, common_options(options)), options_(std::move(options)) {
  if (!(options_.beta_1 > 0 && options_.beta_1 <= 1))
    throw ValueError(
        "[" + this->name() +
        "] Argument `beta_1` must be in the (0, 1] range. Otherwise, the optimizer degenerates to SignSGD. "
        "Received: beta_1=" +
        std::to_string(options_.beta_1));
}

void Lion::build_slots(const std::vector<Variable>& trainable) {
  for (const Variable& variable : trainable) slots_->momentums.push_back(add_slot(variable, "momentum"));
}

void Lion::update_step(size_t i, const Tensor& gradient, const Variable& variable, const Tensor& rate) const {
  const Variable& m = slots_->momentums.at(i);
  DType dtype = variable.dtype();
  Tensor beta_1 = ops::full({}, options_.beta_1, dtype), beta_2 = ops::full({}, options_.beta_2, dtype);
  variable.assign_sub(rate * ops::sign(m * beta_1 + gradient * (1.0 - beta_1)));
  m.assign(m * beta_2 + gradient * (1.0 - beta_2));
}

Config Lion::config() const {
  Config result = Optimizer::config();
  result["beta_1"] = options_.beta_1;
  result["beta_2"] = options_.beta_2;
  return result;
}

Lion Lion::from_config(const Config& config) {
  LionOptions options;
  read_common(config, options);
  config.read("beta_1", options.beta_1);
  config.read("beta_2", options.beta_2);
  return Lion(std::move(options));
}

}  // namespace hornbeam::optimizers
