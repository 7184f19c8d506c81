// InverseTimeDecay.
#pragma once

#include <hornbeam/optimizer.h>

namespace hornbeam::schedules {

struct InverseTimeDecayOptions {
  double initial_learning_rate = 0.001;
  int64_t decay_steps = 1;  // > 0
  double decay_rate = 1.0;
  bool staircase = false;  // step / decay_steps is rounded down
  std::string name = "InverseTimeDecay";
};

// initial_learning_rate / (1 + decay_rate * step / decay_steps).
class InverseTimeDecay : public LearningRateSchedule {
 public:
  explicit InverseTimeDecay(InverseTimeDecayOptions options);
  Tensor call(const Tensor& step) const override;
  Config config() const override;
  static InverseTimeDecay from_config(const Config& config);

 private:
  InverseTimeDecayOptions options_;
};

}  // namespace hornbeam::schedules
