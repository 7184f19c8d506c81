// SGD.
#pragma once

#include <hornbeam/optimizer.h>

namespace hornbeam::optimizers {

struct SGDOptions {
  LearningRate learning_rate = 0.01;
  double momentum = 0.0;  // in [0, 1]
  bool nesterov = false;
  std::optional<double> weight_decay = {};     // decoupled: w -= rate * weight_decay * w
  std::optional<double> clipnorm = {};         // the most a gradient's norm may be
  std::optional<double> clipvalue = {};        // the most a gradient's element may be
  std::optional<double> global_clipnorm = {};  // the most the norm of all gradients together may be
  bool use_ema = false;                        // keep moving averages of the variables
  double ema_momentum = 0.99;
  std::optional<int64_t> ema_overwrite_frequency = {};  // every so many updates the averages replace the variables
  std::optional<double> loss_scale_factor = {};
  std::optional<int64_t> gradient_accumulation_steps = {};  // update at every n-th call, by the mean gradient
  std::string name = "sgd";
};

// Gradient descent. Without momentum w -= rate * g; with it m = momentum * m - rate * g, then w += m, or with nesterov
// w += momentum * m - rate * g.
// Throws ValueError if momentum is outside [0, 1].
class SGD : public Optimizer {
 public:
  explicit SGD(SGDOptions options = {});
  Config config() const override;
  static SGD from_config(const Config& config);

 protected:
  void build_slots(const std::vector<Variable>& trainable) override;
  void update_step(size_t i, const Tensor& gradient, const Variable& variable, const Tensor& rate) const override;

 private:
  double momentum_;
  bool nesterov_;
  std::shared_ptr<std::vector<Variable>> momentums_ = std::make_shared<std::vector<Variable>>();
};

}  // namespace hornbeam::optimizers
