// Adamax.
#pragma once

#include <hornbeam/optimizer.h>

namespace hornbeam::optimizers {

struct AdamaxOptions {
  LearningRate learning_rate = 0.001;
  double beta_1 = 0.9;    // decay of the first moment
  double beta_2 = 0.999;  // decay of the norm
  double epsilon = 1e-7;
  std::optional<double> weight_decay = {};     // decoupled: w -= rate * weight_decay * w
  std::optional<double> clipnorm = {};         // the most a gradient's norm may be
  std::optional<double> clipvalue = {};        // the most a gradient's element may be
  std::optional<double> global_clipnorm = {};  // the most the norm of all gradients together may be
  bool use_ema = false;                        // keep moving averages of the variables
  double ema_momentum = 0.99;
  std::optional<int64_t> ema_overwrite_frequency = {};  // every so many updates the averages replace the variables
  std::optional<double> loss_scale_factor = {};
  std::optional<int64_t> gradient_accumulation_steps = {};  // update at every n-th call, by the mean gradient
  std::string name = "adamax";
};

// Kingma and Ba, "Adam: a method for stochastic optimization", 2014, section 7: Adam with the infinity norm. With t the
// number of this update, from 1:
//   m += (g - m) (1 - beta_1),  u = max(beta_2 u, |g|),  w -= rate m / ((1 - beta_1^t) (u + epsilon))
class Adamax : public Optimizer {
 public:
  explicit Adamax(AdamaxOptions options = {});
  Config config() const override;
  static Adamax from_config(const Config& config);

 protected:
  void build_slots(const std::vector<Variable>& trainable) override;
  void update_step(size_t i, const Tensor& gradient, const Variable& variable, const Tensor& rate) const override;

 private:
  struct Slots {
    std::vector<Variable> momentums, norms;
  };
  AdamaxOptions options_;
  std::shared_ptr<Slots> slots_ = std::make_shared<Slots>();
};

}  // namespace hornbeam::optimizers
