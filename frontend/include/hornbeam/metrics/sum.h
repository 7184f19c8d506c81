// Sum.
#pragma once

#include <hornbeam/metric.h>

namespace hornbeam::metrics {

struct SumOptions {
  std::string name = "sum";
  DTypePolicy dtype = {};
};

// The weighted sum of all values since the last reset.
class Sum : public Metric {
 public:
  explicit Sum(SumOptions options = {});
  void update_state(const Tensor& values, const Tensor& y_pred, const Tensor& sample_weight) override;
  void update_state(const Tensor& values, const Tensor& sample_weight = {}) { update_state(values, {}, sample_weight); }
  Tensor result() const override;
  static Sum from_config(const Config& config);

 private:
  Variable total_;
};

}  // namespace hornbeam::metrics
