// PearsonCorrelation.
#pragma once

#include <hornbeam/metrics/mean_metric_wrapper.h>

namespace hornbeam::metrics {

// Pearson's correlation coefficient along `axis`, in [-1, 1].
//   y_true, y_pred [..., d]  →  [...]
Tensor pearson_correlation(const Tensor& y_true, const Tensor& y_pred, int64_t axis = -1);

struct PearsonCorrelationOptions {
  std::string name = "pearson_correlation";
  DTypePolicy dtype = {};
  int64_t axis = -1;  // of the values that are correlated
};

// The weighted mean of Pearson's correlation coefficient.
class PearsonCorrelation : public MeanMetricWrapper {
 public:
  explicit PearsonCorrelation(PearsonCorrelationOptions options = {});
  Config config() const override;
  static PearsonCorrelation from_config(const Config& config);

 private:
  PearsonCorrelationOptions options_;
};

}  // namespace hornbeam::metrics
