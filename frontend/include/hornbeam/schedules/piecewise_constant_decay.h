// PiecewiseConstantDecay.
#pragma once

#include <hornbeam/optimizer.h>

namespace hornbeam::schedules {

struct PiecewiseConstantDecayOptions {
  std::vector<double> boundaries = {};  // steps, increasing
  std::vector<double> values = {};      // rates: one more than the boundaries
  std::string name = "PiecewiseConstant";
};

// values[i] while step <= boundaries[i], the last value after the last boundary.
// Throws ValueError if there is not one value more than boundaries, or if there is no boundary.
class PiecewiseConstantDecay : public LearningRateSchedule {
 public:
  explicit PiecewiseConstantDecay(PiecewiseConstantDecayOptions options);
  Tensor call(const Tensor& step) const override;
  Config config() const override;
  static PiecewiseConstantDecay from_config(const Config& config);

 private:
  PiecewiseConstantDecayOptions options_;
};

}  // namespace hornbeam::schedules
