// Adagrad.
#pragma once

#include <hornbeam/optimizer.h>

namespace hornbeam::optimizers {

struct AdagradOptions {
  LearningRate learning_rate = 0.001;
  double initial_accumulator_value = 0.1;      // of the sum of squares
  double epsilon = 1e-7;                       // stands inside the square root
  std::optional<double> weight_decay = {};     // decoupled: w -= rate * weight_decay * w
  std::optional<double> clipnorm = {};         // the most a gradient's norm may be
  std::optional<double> clipvalue = {};        // the most a gradient's element may be
  std::optional<double> global_clipnorm = {};  // the most the norm of all gradients together may be
  bool use_ema = false;                        // keep moving averages of the variables
  double ema_momentum = 0.99;
  std::optional<int64_t> ema_overwrite_frequency = {};  // every so many updates the averages replace the variables
  std::optional<double> loss_scale_factor = {};
  std::optional<int64_t> gradient_accumulation_steps = {};  // update at every n-th call, by the mean gradient
  std::string name = "adagrad";
};

// Duchi et al., "Adaptive subgradient methods for online learning and stochastic optimization", 2011:
//   a += g²,  w -= rate g / sqrt(a + epsilon)
class Adagrad : public Optimizer {
 public:
  explicit Adagrad(AdagradOptions options = {});
  Config config() const override;
  static Adagrad from_config(const Config& config);

 protected:
  void build_slots(const std::vector<Variable>& trainable) override;
  void update_step(size_t i, const Tensor& gradient, const Variable& variable, const Tensor& rate) const override;

 private:
  struct Slots {
    std::vector<Variable> accumulators;
  };
  AdagradOptions options_;
  std::shared_ptr<Slots> slots_ = std::make_shared<Slots>();
};

}  // namespace hornbeam::optimizers
