// LossScaleOptimizer.
#pragma once

#include <hornbeam/optimizer.h>

namespace hornbeam::optimizers {

struct LossScaleOptimizerOptions {
  hornbeam::Optimizer inner_optimizer = {};
  double initial_scale = 32768.0;
  int64_t dynamic_growth_steps = 2000;
  std::string name = "loss_scale_optimizer";
};

// Scales the loss so that small gradients survive in float16: another optimizer gets the gradients of the loss times a
// scale, divided by it. Where a gradient is not finite the update is left out and the scale halved; after
// dynamic_growth_steps updates without such a gradient it is doubled. compile() puts it around the optimizer of a model
// whose policy is mixed_float16.
// Throws ValueError without an inner optimizer, or if dynamic_growth_steps is not positive.
class LossScaleOptimizer : public Optimizer {
 public:
  explicit LossScaleOptimizer(LossScaleOptimizerOptions options);
  explicit LossScaleOptimizer(hornbeam::Optimizer inner_optimizer)
      : LossScaleOptimizer(LossScaleOptimizerOptions{.inner_optimizer = std::move(inner_optimizer)}) {}
  void exclude_from_weight_decay(const std::vector<std::string>& var_names) override;
  void exclude_variables_from_weight_decay(const std::vector<Variable>& var_list) override;
  Tensor scale_loss(const Tensor& loss) const override;
  void apply(const std::vector<Tensor>& gradients) const override;
  const Variable& iterations() const override;
  double learning_rate() const override;
  void set_learning_rate(double value) override;
  void finalize_variable_values() const override;
  const hornbeam::Optimizer& inner_optimizer() const { return options_.inner_optimizer; }
  Config config() const override;
  static LossScaleOptimizer from_config(const Config& config);

 protected:
  void build_slots(const std::vector<Variable>& trainable) override;
  void update_step(size_t, const Tensor&, const Variable&, const Tensor&) const override {}  // the inner one's

 private:
  struct Slots {
    Variable step_counter, dynamic_scale;
  };
  LossScaleOptimizerOptions options_;
  std::shared_ptr<Slots> slots_ = std::make_shared<Slots>();
};

}  // namespace hornbeam::optimizers
