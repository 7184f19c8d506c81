// CosineSimilarity.
#pragma once

#include <hornbeam/metrics/mean_metric_wrapper.h>

namespace hornbeam::metrics {

// The cosine of the angle between the vectors along `axis`: the loss of this name without its sign.
//   y_true, y_pred [..., d]  →  [...]
Tensor cosine_similarity(const Tensor& y_true, const Tensor& y_pred, int64_t axis = -1);

struct CosineSimilarityOptions {
  std::string name = "cosine_similarity";
  DTypePolicy dtype = {};
  int64_t axis = -1;  // of the vectors
};

// The weighted mean of the cosine of the angle between labels and predictions; 1 is best.
class CosineSimilarity : public MeanMetricWrapper {
 public:
  explicit CosineSimilarity(CosineSimilarityOptions options = {});
  Config config() const override;
  static CosineSimilarity from_config(const Config& config);

 private:
  CosineSimilarityOptions options_;
};

}  // namespace hornbeam::metrics
