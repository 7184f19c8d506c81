// RMSprop, Keras' default optimizer.
#pragma once

#include <hornbeam/optimizer.h>

namespace hornbeam::optimizers {

struct RMSpropOptions {
  LearningRate learning_rate = 0.001;
  double rho = 0.9;                            // decay of the mean of squares
  double momentum = 0.0;                       // 0: none
  double epsilon = 1e-7;                       // stands inside the square root
  bool centered = false;                       // divide by the variance rather than by the mean of squares
  std::optional<double> weight_decay = {};     // decoupled: w -= rate * weight_decay * w
  std::optional<double> clipnorm = {};         // the most a gradient's norm may be
  std::optional<double> clipvalue = {};        // the most a gradient's element may be
  std::optional<double> global_clipnorm = {};  // the most the norm of all gradients together may be
  bool use_ema = false;                        // keep moving averages of the variables
  double ema_momentum = 0.99;
  std::optional<int64_t> ema_overwrite_frequency = {};  // every so many updates the averages replace the variables
  std::optional<double> loss_scale_factor = {};
  std::optional<int64_t> gradient_accumulation_steps = {};  // update at every n-th call, by the mean gradient
  std::string name = "rmsprop";
};

// Hinton, "Neural networks for machine learning", lecture 6e, 2012, as Keras computes it:
//   v = rho v + (1 - rho) g²,  step = rate g / sqrt(v + epsilon),  w -= step
// with momentum: m = momentum m + step, w -= m; centered: a = rho a + (1 - rho) g, and v - a² in the place of v.
class RMSprop : public Optimizer {
 public:
  explicit RMSprop(RMSpropOptions options = {});
  Config config() const override;
  static RMSprop from_config(const Config& config);

 protected:
  void build_slots(const std::vector<Variable>& trainable) override;
  void update_step(size_t i, const Tensor& gradient, const Variable& variable, const Tensor& rate) const override;

 private:
  struct Slots {
    std::vector<Variable> velocities, momentums, average_gradients;
  };
  double rho_, momentum_, epsilon_;
  bool centered_;
  std::shared_ptr<Slots> slots_ = std::make_shared<Slots>();
};

}  // namespace hornbeam::optimizers
