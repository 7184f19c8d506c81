// PolynomialDecay.
#pragma once

#include <hornbeam/optimizer.h>

namespace hornbeam::schedules {

struct PolynomialDecayOptions {
  double initial_learning_rate = 0.001;
  int64_t decay_steps = 1;  // > 0
  double end_learning_rate = 0.0001;
  double power = 1.0;
  bool cycle = false;  // start again, ever slower, instead of staying at the end
  std::string name = "PolynomialDecay";
};

// (initial_learning_rate - end_learning_rate) * (1 - step / decay_steps) ^ power + end_learning_rate, with step at most
// decay_steps; with cycle decay_steps grows to the next multiple of itself instead.
class PolynomialDecay : public LearningRateSchedule {
 public:
  explicit PolynomialDecay(PolynomialDecayOptions options);
  Tensor call(const Tensor& step) const override;
  Config config() const override;
  static PolynomialDecay from_config(const Config& config);

 private:
  PolynomialDecayOptions options_;
};

}  // namespace hornbeam::schedules
