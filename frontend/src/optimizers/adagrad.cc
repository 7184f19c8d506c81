// Adagrad.
#include <hornbeam/initializers/constant.h>
#include <hornbeam/ops.h>
#include <hornbeam/optimizers/adagrad.h>

#include "frontend/src/optimizers/options.h"

namespace hornbeam::optimizers {

static const Register<Adagrad> registered{"Adagrad", "keras.optimizers"};

Adagrad::Adagrad(AdagradOptions options)
    : Optimizer("adagrad", options.learning_rate, common_options(options)), options_(std::move(options)) {}

void Adagrad::build_slots(const std::vector<Variable>& trainable) {
  initializers::Constant initial({.value = options_.initial_accumulator_value});
  for (const Variable& variable : trainable) slots_->accumulators.push_back(add_slot(variable, "accumulator", initial));
}

void Adagrad::update_step(size_t i, const Tensor& gradient, const Variable& variable, const Tensor& rate) const {
  const Variable& squares = slots_->accumulators.at(i);
  squares.assign_add(ops::square(gradient));
  variable.assign_sub(rate * gradient / ops::sqrt(squares + options_.epsilon));
}

Config Adagrad::config() const {
  Config result = Optimizer::config();
  result["initial_accumulator_value"] = options_.initial_accumulator_value;
  result["epsilon"] = options_.epsilon;
  return result;
}

Adagrad Adagrad::from_config(const Config& config) {
  AdagradOptions options;
  read_common(config, options);
  config.read("initial_accumulator_value", options.initial_accumulator_value);
  config.read("epsilon", options.epsilon);
  return Adagrad(std::move(options));
}

}  // namespace hornbeam::optimizers
