// Nadam.
#pragma once

#include <hornbeam/optimizer.h>

namespace hornbeam::optimizers {

struct NadamOptions {
  LearningRate learning_rate = 0.001;
  double beta_1 = 0.9;    // decay of the first moment
  double beta_2 = 0.999;  // decay of the second
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
  std::string name = "nadam";
};

// Dozat, "Incorporating Nesterov momentum into Adam", 2016. With t the number of this update, from 1, and u_t = beta_1
// (1 - 0.96^t / 2):
//   m += (g - m) (1 - beta_1),  v += (g² - v) (1 - beta_2)
//   w -= rate (u_{t+1} m / (1 - u_1 … u_{t+1}) + (1 - u_t) g / (1 - u_1 … u_t)) / (sqrt(v / (1 - beta_2^t)) + epsilon)
class Nadam : public Optimizer {
 public:
  explicit Nadam(NadamOptions options = {});
  Config config() const override;
  static Nadam from_config(const Config& config);

 protected:
  void build_slots(const std::vector<Variable>& trainable) override;
  void update_step(size_t i, const Tensor& gradient, const Variable& variable, const Tensor& rate) const override;

 private:
  struct Slots {
    std::vector<Variable> momentums, velocities;
    Variable u_product;  // u_1 … u_t
  };
  NadamOptions options_;
  std::shared_ptr<Slots> slots_ = std::make_shared<Slots>();
};

}  // namespace hornbeam::optimizers
