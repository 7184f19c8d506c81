// CategoricalCrossentropy.
#pragma once

#include <hornbeam/losses/categorical_crossentropy.h>
#include <hornbeam/metrics/mean_metric_wrapper.h>

namespace hornbeam::metrics {

using losses::categorical_crossentropy;

struct CategoricalCrossentropyOptions {
  std::string name = "categorical_crossentropy";
  DTypePolicy dtype = {};
  bool from_logits = false;      // y_pred are logits, not probabilities
  double label_smoothing = 0.0;  // labels are drawn towards 1 / classes by this much
  int64_t axis = -1;             // of the classes
};

// The weighted mean of categorical_crossentropy.
class CategoricalCrossentropy : public MeanMetricWrapper {
 public:
  explicit CategoricalCrossentropy(CategoricalCrossentropyOptions options = {});
  Config config() const override;
  static CategoricalCrossentropy from_config(const Config& config);

 private:
  CategoricalCrossentropyOptions options_;
};

}  // namespace hornbeam::metrics
