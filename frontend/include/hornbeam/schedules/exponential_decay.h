// ExponentialDecay.
#pragma once

#include <hornbeam/optimizer.h>

namespace hornbeam::schedules {

struct ExponentialDecayOptions {
  double initial_learning_rate = 0.001;
  int64_t decay_steps = 1;  // > 0
  double decay_rate = 1.0;
  bool staircase = false;  // step / decay_steps is rounded down
  std::string name = "ExponentialDecay";
};

// initial_learning_rate * decay_rate ^ (step / decay_steps).
class ExponentialDecay : public LearningRateSchedule {
 public:
  explicit ExponentialDecay(ExponentialDecayOptions options);
  Tensor call(const Tensor& step) const override;
  Config config() const override;
  static ExponentialDecay from_config(const Config& config);

 private:
  ExponentialDecayOptions options_;
};

}  // namespace hornbeam::schedules
