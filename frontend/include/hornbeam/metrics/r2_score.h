// R2Score.
#pragma once

#include <hornbeam/metric.h>

namespace hornbeam::metrics {

struct R2ScoreOptions {
  // "uniform_average", "variance_weighted_average"; none: one score for each output
  std::optional<std::string> class_aggregation = "uniform_average";
  int64_t num_regressors = 0;  // of the adjusted score; 0: the standard one
  std::string name = "r2_score";
  DTypePolicy dtype = {};
};

// 1 - sum((y_true - y_pred)²) / sum((y_true - mean(y_true))²): the share of the variance that is explained. 1 is best;
// an output without variance counts 0. Adjusted for p regressors and n values: 1 - (1 - R²) (n - 1) / (n - p - 1),
// where n - p - 1 is positive.
//   y_true, y_pred [batch, outputs]
// Throws ValueError for an unknown class_aggregation, negative num_regressors, or ranks that are not 2.
class R2Score : public Metric {
 public:
  explicit R2Score(R2ScoreOptions options = {});
  void update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override;
  Tensor result() const override;
  Config config() const override;
  static R2Score from_config(const Config& config);

 protected:
  void build(const Shape& y_true, const Shape& y_pred) override;

 private:
  R2ScoreOptions options_;
  Variable num_samples_, squared_sum_, sum_, total_mse_, count_;
};

}  // namespace hornbeam::metrics
