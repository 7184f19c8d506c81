// ConcordanceCorrelation.
#pragma once

#include <hornbeam/metrics/mean_metric_wrapper.h>

namespace hornbeam::metrics {

// Lin's concordance correlation coefficient along `axis`: correlation, less what the means and variances differ.
//   y_true, y_pred [..., d]  →  [...]
Tensor concordance_correlation(const Tensor& y_true, const Tensor& y_pred, int64_t axis = -1);

struct ConcordanceCorrelationOptions {
  std::string name = "concordance_correlation";
  DTypePolicy dtype = {};
  int64_t axis = -1;  // of the values that are correlated
};

// The weighted mean of Lin's concordance correlation coefficient.
class ConcordanceCorrelation : public MeanMetricWrapper {
 public:
  explicit ConcordanceCorrelation(ConcordanceCorrelationOptions options = {});
  Config config() const override;
  static ConcordanceCorrelation from_config(const Config& config);

 private:
  ConcordanceCorrelationOptions options_;
};

}  // namespace hornbeam::metrics
