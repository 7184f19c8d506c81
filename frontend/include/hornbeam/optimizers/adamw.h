// AdamW.
#pragma once

#include <hornbeam/optimizers/adam.h>

namespace hornbeam::optimizers {

struct AdamWOptions {
  LearningRate learning_rate = 0.001;
  double weight_decay = 0.004;  // decoupled: w -= rate * weight_decay * w
  double beta_1 = 0.9;          // decay of the first moment
  double beta_2 = 0.999;        // decay of the second
  double epsilon = 1e-7;
  bool amsgrad = false;
  std::optional<double> clipnorm = {};         // the most a gradient's norm may be
  std::optional<double> clipvalue = {};        // the most a gradient's element may be
  std::optional<double> global_clipnorm = {};  // the most the norm of all gradients together may be
  bool use_ema = false;                        // keep moving averages of the variables
  double ema_momentum = 0.99;
  std::optional<int64_t> ema_overwrite_frequency = {};  // every so many updates the averages replace the variables
  std::optional<double> loss_scale_factor = {};
  std::optional<int64_t> gradient_accumulation_steps = {};  // update at every n-th call, by the mean gradient
  std::string name = "adam_w";
};

// Loshchilov and Hutter, "Decoupled weight decay regularization", 2019: Adam whose weight decay is on by default.
class AdamW : public Adam {
 public:
  explicit AdamW(AdamWOptions options = {});
  static AdamW from_config(const Config& config);
};

}  // namespace hornbeam::optimizers
