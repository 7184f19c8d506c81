// Ftrl.
#pragma once

#include <hornbeam/optimizer.h>

namespace hornbeam::optimizers {

struct FtrlOptions {
  LearningRate learning_rate = 0.001;
  double learning_rate_power = -0.5;       // at most 0; 0: a fixed rate
  double initial_accumulator_value = 0.1;  // of the sum of squares, at least 0
  double l1_regularization_strength = 0.0;
  double l2_regularization_strength = 0.0;
  double l2_shrinkage_regularization_strength = 0.0;  // of the variable in the gradient
  double beta = 0.0;                                  // from the paper; adds beta / (2 rate) to the L2 strength
  std::optional<double> weight_decay = {};            // decoupled: w -= rate * weight_decay * w
  std::optional<double> clipnorm = {};                // the most a gradient's norm may be
  std::optional<double> clipvalue = {};               // the most a gradient's element may be
  std::optional<double> global_clipnorm = {};         // the most the norm of all gradients together may be
  bool use_ema = false;                               // keep moving averages of the variables
  double ema_momentum = 0.99;
  std::optional<int64_t> ema_overwrite_frequency = {};  // every so many updates the averages replace the variables
  std::optional<double> loss_scale_factor = {};
  std::optional<int64_t> gradient_accumulation_steps = {};  // update at every n-th call, by the mean gradient
  std::string name = "ftrl";
};

// McMahan et al., "Ad click prediction: a view from the trenches", 2013. With p = -learning_rate_power, n the sum of
// squares and h = g + 2 l2_shrinkage w:
//   z += h - ((n + g²)^p - n^p) / rate w,  n += g²
//   w = (clip(z, -l1, l1) - z) / (n^p / rate + 2 l2 + beta / rate)
// Throws ValueError if learning_rate_power is positive or a strength or the initial value negative.
class Ftrl : public Optimizer {
 public:
  explicit Ftrl(FtrlOptions options = {});
  Config config() const override;
  static Ftrl from_config(const Config& config);

 protected:
  void build_slots(const std::vector<Variable>& trainable) override;
  void update_step(size_t i, const Tensor& gradient, const Variable& variable, const Tensor& rate) const override;

 private:
  struct Slots {
    std::vector<Variable> accumulators, linears;
  };
  FtrlOptions options_;
  std::shared_ptr<Slots> slots_ = std::make_shared<Slots>();
};

}  // namespace hornbeam::optimizers
