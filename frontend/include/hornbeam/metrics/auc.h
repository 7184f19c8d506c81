// AUC.
#pragma once

#include <hornbeam/metrics/confusion_metric.h>

namespace hornbeam::metrics {

struct AUCOptions {
  int64_t num_thresholds = 200;
  std::string curve = "ROC";                       // "ROC", "PR" (precision over recall), "PRGAIN" (their gains)
  std::string summation_method = "interpolation";  // "interpolation", "minoring", "majoring"
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  std::optional<std::vector<double>> thresholds = {};     // instead of num_thresholds even ones; in [0, 1]
  bool multi_label = false;                               // the mean of the areas of each label
  std::optional<int64_t> num_labels = {};                 // with multi_label; else known from the first batch
  std::optional<std::vector<double>> label_weights = {};  // of that mean, or of all samples of a label
  bool from_logits = false;                               // y_pred are logits, not probabilities
};

// The area under a curve of the confusion matrix, from its points at the thresholds. The area under the PR curve is
// interpolated as Davis and Goadrich do, "The relationship between precision-recall and ROC curves", 2006.
// Throws ValueError for an unknown curve or method, fewer than 2 thresholds, or num_labels without multi_label.
class AUC : public ConfusionMetric {
 public:
  explicit AUC(AUCOptions options = {});
  Tensor result() const override;
  Config config() const override;
  static AUC from_config(const Config& config);

 private:
  static Counting counting_of(const AUCOptions& options);
  Tensor interpolated_pr() const;  // the area of each interval
  AUCOptions options_;
};

}  // namespace hornbeam::metrics
