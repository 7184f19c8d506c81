// Adafactor.
#include <hornbeam/ops.h>
#include <hornbeam/optimizers/adafactor.h>

#include "frontend/src/optimizers/options.h"

namespace hornbeam::optimizers {

static const Register<Adafactor> registered{"Adafactor", "keras.optimizers"};

Adafactor::Adafactor(AdafactorOptions options)
    : Optimizer("adafactor", options.learning_rate, common_options(options)), options_(std::move(options)) {}

void Adafactor::build_slots(const std::vector<Variable>& trainable) {
  for (const Variable& variable : trainable) {
    const Shape& shape = variable.shape();
    // Variables of less than two axes have two numbers that are not used, so that files agree with Keras'.
    Shape rows, columns;
    const bool factored = shape.rank() >= 2;
    for (int64_t axis = 0; factored && axis < shape.rank(); ++axis) {
      if (axis != shape.rank() - 1) rows.push_back(shape[axis]);
      if (axis != shape.rank() - 2) columns.push_back(shape[axis]);
    }
    DType dtype = factored ? variable.dtype() : DType::int32;
    slots_->rows.push_back(add_variable(variable.name(), rows, dtype));
    slots_->columns.push_back(add_variable(variable.name(), columns, dtype));
    slots_->velocities.push_back(add_slot(variable, "velocity"));
  }
}

void Adafactor::update_step(size_t i, const Tensor& gradient, const Variable& variable, const Tensor& rate) const {
  auto rms = [](const Tensor& x) { return ops::sqrt(ops::mean(ops::square(x))); };
  DType dtype = variable.dtype();
  Tensor t = ops::cast(updates() + 1, dtype);
  Tensor falling = 1.0 / ops::sqrt(t);
  Tensor step_size = ops::maximum(rms(variable), options_.epsilon_2) * ops::minimum(rate, falling);
  Tensor decay = 1.0 - ops::power(t, ops::full({}, options_.beta_2_decay, dtype));
  Tensor squares = ops::square(gradient) + options_.epsilon_1;
  auto mix = [&](const Variable& mean, const Tensor& now) { mean.assign(mean * decay + now * (1.0 - decay)); };
  const Variable& v = slots_->velocities.at(i);
  if (variable.shape().rank() >= 2) {
    const Variable& r = slots_->rows.at(i);
    const Variable& c = slots_->columns.at(i);
    mix(r, ops::mean(squares, -1));
    mix(c, ops::mean(squares, -2));
    Tensor relative = r / ops::mean(r, -1, /*keepdims=*/true);
    v.assign(ops::expand_dims(relative, -1) * ops::expand_dims(c, -2));
  } else {
    mix(v, squares);
  }
  // Of a row and a column without gradients the second moment underflows to 0: no step. (Keras' is NaN.)
  Tensor step = ops::divide_no_nan(gradient, ops::sqrt(v));
  variable.assign_sub(step_size * (step / ops::maximum(rms(step) / options_.clip_threshold, 1.0)));
}

Config Adafactor::config() const {
  Config result = Optimizer::config();
  result["beta_2_decay"] = options_.beta_2_decay;
  result["epsilon_1"] = options_.epsilon_1;
  result["epsilon_2"] = options_.epsilon_2;
  result["clip_threshold"] = options_.clip_threshold;
  result["relative_step"] = options_.relative_step;
  return result;
}

Adafactor Adafactor::from_config(const Config& config) {
  AdafactorOptions options;
  read_common(config, options);
  config.read("beta_2_decay", options.beta_2_decay);
  config.read("epsilon_1", options.epsilon_1);
  config.read("epsilon_2", options.epsilon_2);
  config.read("clip_threshold", options.clip_threshold);
  config.read("relative_step", options.relative_step);
  return Adafactor(std::move(options));
}

}  // namespace hornbeam::optimizers
