// LossScaleOptimizer.
#include <hornbeam/initializers/constant.h>
#include <hornbeam/ops.h>
#include <hornbeam/optimizers/loss_scale_optimizer.h>

#include "frontend/src/optimizers/conditional.h"

namespace hornbeam::optimizers {

static const Register<LossScaleOptimizer> registered{"LossScaleOptimizer", "keras.optimizers"};

LossScaleOptimizer::LossScaleOptimizer(LossScaleOptimizerOptions options)
    : Optimizer("loss_scale_optimizer", 0.0, {.name = options.name}), options_(std::move(options)) {
  if (!options_.inner_optimizer) throw ValueError("[" + this->name() + "] `inner_optimizer` is needed. Received: none");
  if (options_.dynamic_growth_steps < 1)
    throw ValueError("[" + this->name() + "] `dynamic_growth_steps` must be positive. Received: dynamic_growth_steps=" +
                     std::to_string(options_.dynamic_growth_steps));
}

void LossScaleOptimizer::build_slots(const std::vector<Variable>& trainable) {
  slots_->step_counter = add_variable("step_counter", {}, DType::int32);
  initializers::Constant initial({.value = options_.initial_scale});
  slots_->dynamic_scale = add_variable("dynamic_scale", {}, DType::float32, initial);
  options_.inner_optimizer->build(trainable);
  adopt_variables(*options_.inner_optimizer);
}

Tensor LossScaleOptimizer::scale_loss(const Tensor& loss) const {
  return loss * ops::cast(slots_->dynamic_scale, loss.dtype());
}

void LossScaleOptimizer::apply(const std::vector<Tensor>& gradients) const {
  if (!built()) throw ValueError("[" + name() + "] apply() was called before build()");
  Tensor finite = ops::full({}, true, DType::boolean);
  for (const Tensor& gradient : gradients) finite = ops::logical_and(finite, ops::all(ops::isfinite(gradient)));
  Tensor scale = values_of({slots_->dynamic_scale})[0], calm = values_of({slots_->step_counter})[0];
  std::vector<Tensor> unscaled;
  for (const Tensor& gradient : gradients) unscaled.push_back(gradient / ops::cast(scale, gradient.dtype()));
  std::vector<Variable> changing = trainable_variables();
  const std::vector<Variable>& inner = options_.inner_optimizer->variables();
  changing.insert(changing.end(), inner.begin(), inner.end());
  assign_where(finite, changing, [&] { options_.inner_optimizer->apply(unscaled); });

  Tensor grows = ops::equal(calm, options_.dynamic_growth_steps - 1);
  slots_->step_counter.assign(ops::where(ops::logical_and(finite, ops::logical_not(grows)), calm + 1, 0));
  slots_->dynamic_scale.assign(ops::where(finite, ops::where(grows, scale * 2.0, scale), scale * 0.5));
}

void LossScaleOptimizer::exclude_from_weight_decay(const std::vector<std::string>& var_names) {
  options_.inner_optimizer->exclude_from_weight_decay(var_names);
}

void LossScaleOptimizer::exclude_variables_from_weight_decay(const std::vector<Variable>& var_list) {
  options_.inner_optimizer->exclude_variables_from_weight_decay(var_list);
}

const Variable& LossScaleOptimizer::iterations() const { return options_.inner_optimizer->iterations(); }
double LossScaleOptimizer::learning_rate() const { return options_.inner_optimizer->learning_rate(); }
void LossScaleOptimizer::set_learning_rate(double value) { options_.inner_optimizer->set_learning_rate(value); }
void LossScaleOptimizer::finalize_variable_values() const { options_.inner_optimizer->finalize_variable_values(); }

Config LossScaleOptimizer::config() const {
  return Config::object({{"name", name()},
                         {"inner_optimizer", options_.inner_optimizer},
                         {"initial_scale", options_.initial_scale},
                         {"dynamic_growth_steps", options_.dynamic_growth_steps}});
}

LossScaleOptimizer LossScaleOptimizer::from_config(const Config& config) {
  LossScaleOptimizerOptions options;
  config.read("inner_optimizer", options.inner_optimizer);
  config.read("initial_scale", options.initial_scale);
  config.read("dynamic_growth_steps", options.dynamic_growth_steps);
  config.read("name", options.name);
  return LossScaleOptimizer(std::move(options));
}

}  // namespace hornbeam::optimizers
