// ScheduleFreeAdamW.
#pragma once

#include <hornbeam/optimizer.h>

namespace hornbeam::optimizers {

struct ScheduleFreeAdamWOptions {
  LearningRate learning_rate = 0.0025;
  double beta_1 = 0.9;    // where between the average and the fast iterate gradients are taken
  double beta_2 = 0.999;  // decay of the second moment
  double epsilon = 1e-8;
  int64_t warmup_steps = 0;                    // updates in which the rate grows to its value
  std::optional<double> weight_decay = {};     // decoupled: w -= rate * weight_decay * w
  std::optional<double> clipnorm = {};         // the most a gradient's norm may be
  std::optional<double> clipvalue = {};        // the most a gradient's element may be
  std::optional<double> global_clipnorm = {};  // the most the norm of all gradients together may be
  bool use_ema = false;                        // keep moving averages of the variables
  double ema_momentum = 0.99;
  std::optional<int64_t> ema_overwrite_frequency = {};  // every so many updates the averages replace the variables
  std::optional<double> loss_scale_factor = {};
  std::optional<int64_t> gradient_accumulation_steps = {};  // update at every n-th call, by the mean gradient
  std::string name = "schedule_free_adam_w";
};

// Defazio et al., "The road less scheduled", 2024. Gradients are taken at y = beta_1 x + (1 - beta_1) z, which the
// variables hold; x, the average of z, is what the paper evaluates. With t the number of this update, from 1:
//   v += (g² - v) (1 - beta_2),  z -= rate g / (sqrt(v / (1 - beta_2^t)) + epsilon)
//   x = (1 - 1/t) x + z / t,  y = beta_1 x + (1 - beta_1) z
class ScheduleFreeAdamW : public Optimizer {
 public:
  explicit ScheduleFreeAdamW(ScheduleFreeAdamWOptions options = {});
  Config config() const override;
  static ScheduleFreeAdamW from_config(const Config& config);

 protected:
  void build_slots(const std::vector<Variable>& trainable) override;
  void update_step(size_t i, const Tensor& gradient, const Variable& variable, const Tensor& rate) const override;

 private:
  struct Slots {
    std::vector<Variable> momentums, velocities;
  };
  ScheduleFreeAdamWOptions options_;
  std::shared_ptr<Slots> slots_ = std::make_shared<Slots>();
};

}  // namespace hornbeam::optimizers
