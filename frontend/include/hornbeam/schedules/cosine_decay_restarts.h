// CosineDecayRestarts.
#pragma once

#include <hornbeam/optimizer.h>

namespace hornbeam::schedules {

struct CosineDecayRestartsOptions {
  double initial_learning_rate = 0.001;
  int64_t first_decay_steps = 1;  // > 0
  double t_mul = 2.0;             // each period is so many times the one before
  double m_mul = 1.0;             // each restart's rate is so many times the one before
  double alpha = 0.0;             // the least rate, as a fraction
  std::string name = "SGDRDecay";
};

// CosineDecay that starts again after each period: Loshchilov and Hutter, "SGDR", 2016.
class CosineDecayRestarts : public LearningRateSchedule {
 public:
  explicit CosineDecayRestarts(CosineDecayRestartsOptions options);
  Tensor call(const Tensor& step) const override;
  Config config() const override;
  static CosineDecayRestarts from_config(const Config& config);

 private:
  CosineDecayRestartsOptions options_;
};

}  // namespace hornbeam::schedules
