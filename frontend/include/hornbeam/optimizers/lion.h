// Lion.
#pragma once

#include <hornbeam/optimizer.h>

namespace hornbeam::optimizers {

struct LionOptions {
  LearningRate learning_rate = 0.001;
  double beta_1 = 0.9;                         // in (0, 1]; share of the momentum in the step
  double beta_2 = 0.99;                        // decay of the momentum
  std::optional<double> weight_decay = {};     // decoupled: w -= rate * weight_decay * w
  std::optional<double> clipnorm = {};         // the most a gradient's norm may be
  std::optional<double> clipvalue = {};        // the most a gradient's element may be
  std::optional<double> global_clipnorm = {};  // the most the norm of all gradients together may be
  bool use_ema = false;                        // keep moving averages of the variables
  double ema_momentum = 0.99;
  std::optional<int64_t> ema_overwrite_frequency = {};  // every so many updates the averages replace the variables
  std::optional<double> loss_scale_factor = {};
  std::optional<int64_t> gradient_accumulation_steps = {};  // update at every n-th call, by the mean gradient
  std::string name = "lion";
};

// Chen et al., "Symbolic discovery of optimization algorithms", 2023:
//   w -= rate sign(beta_1 m + (1 - beta_1) g),  m = beta_2 m + (1 - beta_2) g
// Throws ValueError if beta_1 is outside (0, 1].
class Lion : public Optimizer {
 public:
  explicit Lion(LionOptions options = {});
  Config config() const override;
  static Lion from_config(const Config& config);

 protected:
  void build_slots(const std::vector<Variable>& trainable) override;
  void update_step(size_t i, const Tensor& gradient, const Variable& variable, const Tensor& rate) const override;

 private:
  struct Slots {
    std::vector<Variable> momentums;
  };
  LionOptions options_;
  std::shared_ptr<Slots> slots_ = std::make_shared<Slots>();
};

}  // namespace hornbeam::optimizers
