// FBetaScore.
#pragma once

#include <hornbeam/metric.h>

namespace hornbeam::metrics {

struct FBetaScoreOptions {
  std::optional<std::string> average = {};  // "micro", "macro", "weighted"; none: one score for each class
  double beta = 1.0;                        // how much more recall counts than precision
  std::optional<double> threshold = {};     // in (0, 1]; none: the largest prediction of a row is positive
  std::string name = "fbeta_score";
  DTypePolicy dtype = {};
};

// (1 + beta²) precision recall / (beta² precision + recall).
//   y_true, y_pred [batch, classes]
// Throws ValueError if beta is not positive, threshold is outside (0, 1], average is unknown, or the ranks are not 2.
class FBetaScore : public Metric {
 public:
  explicit FBetaScore(FBetaScoreOptions options = {});
  void update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override;
  Tensor result() const override;
  Config config() const override;
  static FBetaScore from_config(const Config& config);

 protected:
  void build(const Shape& y_true, const Shape& y_pred) override;

 private:
  FBetaScoreOptions options_;
  Variable true_positives_, false_positives_, false_negatives_, intermediate_weights_;
};

}  // namespace hornbeam::metrics
