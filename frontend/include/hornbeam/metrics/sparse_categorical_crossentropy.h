// SparseCategoricalCrossentropy.
#pragma once

#include <hornbeam/losses/sparse_categorical_crossentropy.h>
#include <hornbeam/metrics/mean_metric_wrapper.h>

namespace hornbeam::metrics {

using losses::sparse_categorical_crossentropy;

struct SparseCategoricalCrossentropyOptions {
  std::string name = "sparse_categorical_crossentropy";
  DTypePolicy dtype = {};
  bool from_logits = false;                  // y_pred are logits, not probabilities
  std::optional<int64_t> ignore_class = {};  // labels of this class give 0
  int64_t axis = -1;                         // of the classes
};

// The weighted mean of sparse_categorical_crossentropy. Samples that ignore_class leaves out have no weight; where
// there are no weights they count as samples with a loss of 0, as in Keras.
class SparseCategoricalCrossentropy : public MeanMetricWrapper {
 public:
  explicit SparseCategoricalCrossentropy(SparseCategoricalCrossentropyOptions options = {});
  void update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override;
  Config config() const override;
  static SparseCategoricalCrossentropy from_config(const Config& config);

 private:
  SparseCategoricalCrossentropyOptions options_;
};

}  // namespace hornbeam::metrics
