// MeanMetricWrapper.
#pragma once

#include <hornbeam/metric.h>

#include <functional>

namespace hornbeam::metrics {

struct MeanMetricWrapperOptions {
  std::string name = "mean_metric_wrapper";
  DTypePolicy dtype = {};
};

// The weighted mean of fn(y_true, y_pred) over all samples since the last reset: the base of most metrics, and a metric
// from any function.
class MeanMetricWrapper : public Metric {
 public:
  using Function = std::function<Tensor(const Tensor& y_true, const Tensor& y_pred)>;

  explicit MeanMetricWrapper(Function fn, MeanMetricWrapperOptions options = {});
  void update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override;
  Tensor result() const override;

 private:
  Function fn_;
  Variable total_, count_;
};

}  // namespace hornbeam::metrics
