// BinaryCrossentropy.
#pragma once

#include <hornbeam/losses/binary_crossentropy.h>
#include <hornbeam/metrics/mean_metric_wrapper.h>

namespace hornbeam::metrics {

using losses::binary_crossentropy;

struct BinaryCrossentropyOptions {
  std::string name = "binary_crossentropy";
  DTypePolicy dtype = {};
  bool from_logits = false;      // y_pred are logits, not probabilities
  double label_smoothing = 0.0;  // labels are drawn towards 0.5 by this much
};

// The weighted mean of binary_crossentropy.
class BinaryCrossentropy : public MeanMetricWrapper {
 public:
  explicit BinaryCrossentropy(BinaryCrossentropyOptions options = {});
  Config config() const override;
  static BinaryCrossentropy from_config(const Config& config);

 private:
  BinaryCrossentropyOptions options_;
};

}  // namespace hornbeam::metrics
