// Nadam.
#include <hornbeam/ops.h>
#include <hornbeam/optimizers/nadam.h>

#include "frontend/src/optimizers/options.h"

namespace hornbeam::optimizers {

static const Register<Nadam> registered{"Nadam", "keras.optimizers"};

Nadam::Nadam(NadamOptions options)
    : Optimizer("nadam", options.learning_rate, common_options(options)), options_(std::move(options)) {}

void Nadam::build_slots(const std::vector<Variable>& trainable) {
  for (const Variable& variable : trainable) {
    slots_->momentums.push_back(add_slot(variable, "momentum"));
    slots_->velocities.push_back(add_slot(variable, "velocity"));
  }
  DType dtype = trainable.empty() ? DType::float32 : trainable[0].dtype();
  slots_->u_product = add_variable("variable", {}, dtype, "ones");  // Keras' own name for it
}

void Nadam::update_step(size_t i, const Tensor& gradient, const Variable& variable, const Tensor& rate) const {
  DType dtype = variable.dtype();
  const Variable& product = slots_->u_product;
  // In the variable's dtype, as in Keras: 1 - beta_1 is rounded from there.
  Tensor beta_1 = ops::full({}, options_.beta_1, dtype), beta_2 = ops::full({}, options_.beta_2, dtype);
  auto u = [&](int64_t step) {
    Tensor decay = ops::power(ops::full({}, 0.96, dtype), ops::cast(updates() + step, dtype));
    return beta_1 * (1.0 - decay * 0.5);
  };
  Tensor u_now = u(1), u_next = u(2);
  if (i == 0) product.assign(product * ops::cast(u_now, product.dtype()));  // once an update, before the first variable
  Tensor product_now = ops::cast(product, dtype);
  Tensor product_next = product_now * u_next;
  Tensor beta_2_power = ops::power(beta_2, ops::cast(updates() + 1, dtype));

  const Variable& m = slots_->momentums.at(i);
  const Variable& v = slots_->velocities.at(i);
  m.assign_add((gradient - m) * (1.0 - beta_1));
  v.assign_add((ops::square(gradient) - v) * (1.0 - beta_2));
  Tensor first = u_next * m / (1.0 - product_next) + (1.0 - u_now) * gradient / (1.0 - product_now);
  Tensor second = v / (1.0 - beta_2_power);
  variable.assign_sub(first * rate / (ops::sqrt(second) + options_.epsilon));
}

Config Nadam::config() const {
  Config result = Optimizer::config();
  result["beta_1"] = options_.beta_1;
  result["beta_2"] = options_.beta_2;
  result["epsilon"] = options_.epsilon;
  return result;
}

Nadam Nadam::from_config(const Config& config) {
  NadamOptions options;
  read_common(config, options);
  config.read("beta_1", options.beta_1);
  config.read("beta_2", options.beta_2);
  config.read("epsilon", options.epsilon);
  return Nadam(std::move(options));
}

}  // namespace hornbeam::optimizers
