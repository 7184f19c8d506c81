// CosineDecay.
#pragma once

#include <hornbeam/optimizer.h>

namespace hornbeam::schedules {

struct CosineDecayOptions {
  double initial_learning_rate = 0.001;
  int64_t decay_steps = 1;                   // > 0; not counting the warm-up
  double alpha = 0.0;                        // the least rate, as a fraction
  std::optional<double> warmup_target = {};  // first rise linearly to this rate
  int64_t warmup_steps = 0;                  // in so many steps
  std::string name = "CosineDecay";
};

// rate * ((1 - alpha) * (1 + cos(pi * step / decay_steps)) / 2 + alpha) up to decay_steps: Loshchilov and Hutter,
// "SGDR", 2016. With a warm-up the rate first rises linearly from initial_learning_rate to warmup_target, and decays
// from there.
class CosineDecay : public LearningRateSchedule {
 public:
  explicit CosineDecay(CosineDecayOptions options);
  Tensor call(const Tensor& step) const override;
  Config config() const override;
  static CosineDecay from_config(const Config& config);

 private:
  CosineDecayOptions options_;
};

}  // namespace hornbeam::schedules
