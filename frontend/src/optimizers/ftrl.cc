// Ftrl.
#include <hornbeam/initializers/constant.h>
#include <hornbeam/ops.h>
#include <hornbeam/optimizers/ftrl.h>

#include "frontend/src/optimizers/options.h"

namespace hornbeam::optimizers {

static const Register<Ftrl> registered{"Ftrl", "keras.optimizers"};

Ftrl::Ftrl(FtrlOptions options)
    : Optimizer("ftrl", options.learning_rate, common_options(options)), options_(std::move(options)) {
  auto refuse = [&](const char* option, double value, const char* sign) {
    throw ValueError("[" + this->name() + "] `" + option + "` needs to be " + sign + " or zero. Received: " + option +
                     "=" + std::to_string(value));
  };
  if (!(options_.learning_rate_power <= 0)) refuse("learning_rate_power", options_.learning_rate_power, "negative");
  for (auto [option, value] :
       {std::pair("initial_accumulator_value", options_.initial_accumulator_value),
        std::pair("l1_regularization_strength", options_.l1_regularization_strength),
        std::pair("l2_regularization_strength", options_.l2_regularization_strength),
        std::pair("l2_shrinkage_regularization_strength", options_.l2_shrinkage_regularization_strength)})
    if (!(value >= 0)) refuse(option, value, "positive");
}

void Ftrl::build_slots(const std::vector<Variable>& trainable) {
  initializers::Constant initial({.value = options_.initial_accumulator_value});
  for (const Variable& variable : trainable) {
    slots_->accumulators.push_back(add_slot(variable, "accumulator", initial));
    slots_->linears.push_back(add_slot(variable, "linear"));
  }
}

void Ftrl::update_step(size_t i, const Tensor& gradient, const Variable& variable, const Tensor& rate) const {
  const Variable& squares = slots_->accumulators.at(i);
  const Variable& linear = slots_->linears.at(i);
  const double power = -options_.learning_rate_power, l1 = options_.l1_regularization_strength;
  auto raised = [&](const Tensor& x) { return ops::power(x, ops::full({}, power, variable.dtype())); };
  Tensor l2 = options_.beta / (rate * 2.0) + options_.l2_regularization_strength;
  Tensor shrinking = gradient + variable * (2.0 * options_.l2_shrinkage_regularization_strength);
  Tensor sum = squares + ops::square(gradient);
  linear.assign_add(shrinking - (raised(sum) - raised(squares)) / rate * variable);
  Tensor quadratic = raised(sum) / rate + l2 * 2.0;
  variable.assign((ops::clip(linear, -l1, l1) - linear) / quadratic);
  squares.assign(sum);
}

Config Ftrl::config() const {
  Config result = Optimizer::config();
  result["learning_rate_power"] = options_.learning_rate_power;
  result["initial_accumulator_value"] = options_.initial_accumulator_value;
  result["l1_regularization_strength"] = options_.l1_regularization_strength;
  result["l2_regularization_strength"] = options_.l2_regularization_strength;
  result["l2_shrinkage_regularization_strength"] = options_.l2_shrinkage_regularization_strength;
  result["beta"] = options_.beta;
  return result;
}

Ftrl Ftrl::from_config(const Config& config) {
  FtrlOptions options;
  read_common(config, options);
  config.read("learning_rate_power", options.learning_rate_power);
  config.read("initial_accumulator_value", options.initial_accumulator_value);
  config.read("l1_regularization_strength", options.l1_regularization_strength);
  config.read("l2_regularization_strength", options.l2_regularization_strength);
  config.read("l2_shrinkage_regularization_strength", options.l2_shrinkage_regularization_strength);
  config.read("beta", options.beta);
  return Ftrl(std::move(options));
}

}  // namespace hornbeam::optimizers
