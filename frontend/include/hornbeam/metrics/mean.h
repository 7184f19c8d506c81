// Mean.
#pragma once

#include <hornbeam/metric.h>

namespace hornbeam::metrics {

struct MeanOptions {
  std::string name = "mean";
  DTypePolicy dtype = {};
};

// The weighted mean of all values since the last reset: what losses are reported with. 0 before the first value.
class Mean : public Metric {
 public:
  explicit Mean(MeanOptions options = {});
  void update_state(const Tensor& values, const Tensor& y_pred, const Tensor& sample_weight) override;
  void update_state(const Tensor& values, const Tensor& sample_weight = {}) { update_state(values, {}, sample_weight); }
  Tensor result() const override;
  static Mean from_config(const Config& config);

 private:
  Variable total_, count_;
};

}  // namespace hornbeam::metrics
