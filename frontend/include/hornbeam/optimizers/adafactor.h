// Adafactor.
#pragma once

#include <hornbeam/optimizer.h>

namespace hornbeam::optimizers {

struct AdafactorOptions {
  LearningRate learning_rate = 0.001;
  double beta_2_decay = -0.8;                  // the decay of the second moment is 1 - t^beta_2_decay
  double epsilon_1 = 1e-30;                    // added to the squares of gradients
  double epsilon_2 = 1e-3;                     // the least size of a variable that the step is relative to
  double clip_threshold = 1.0;                 // of the root mean square of a step
  bool relative_step = true;                   // a rate that is a number falls as 1 / sqrt(t)
  std::optional<double> weight_decay = {};     // decoupled: w -= rate * weight_decay * w
  std::optional<double> clipnorm = {};         // the most a gradient's norm may be
  std::optional<double> clipvalue = {};        // the most a gradient's element may be
  std::optional<double> global_clipnorm = {};  // the most the norm of all gradients together may be
  bool use_ema = false;                        // keep moving averages of the variables
  double ema_momentum = 0.99;
  std::optional<int64_t> ema_overwrite_frequency = {};  // every so many updates the averages replace the variables
  std::optional<double> loss_scale_factor = {};
  std::optional<int64_t> gradient_accumulation_steps = {};  // update at every n-th call, by the mean gradient
  std::string name = "adafactor";
};

// Shazeer and Stern, "Adafactor: adaptive learning rates with sublinear memory cost", 2018. The second moment of a
// variable of two axes or more is the product of its means over rows and over columns. With t the number of this
// update, from 1:
//   b = 1 - t^beta_2_decay,  s = g² + epsilon_1,  v = b v + (1 - b) s (or, factored: of the means of s)
//   u = g / sqrt(v),  w -= max(epsilon_2, rms(w)) min(rate, 1 / sqrt(t)) u / max(1, rms(u) / clip_threshold)
class Adafactor : public Optimizer {
 public:
  explicit Adafactor(AdafactorOptions options = {});
  Config config() const override;
  static Adafactor from_config(const Config& config);

 protected:
  void build_slots(const std::vector<Variable>& trainable) override;
  void update_step(size_t i, const Tensor& gradient, const Variable& variable, const Tensor& rate) const override;

 private:
  struct Slots {
    std::vector<Variable> rows, columns, velocities;
  };
  AdafactorOptions options_;
  std::shared_ptr<Slots> slots_ = std::make_shared<Slots>();
};

}  // namespace hornbeam::optimizers
