// SparseCategoricalCrossentropy.
#include <hornbeam/metrics/sparse_categorical_crossentropy.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/ranks.h"

namespace hornbeam::metrics {

static const Register<SparseCategoricalCrossentropy> registered{"SparseCategoricalCrossentropy", "keras.metrics"};

SparseCategoricalCrossentropy::SparseCategoricalCrossentropy(SparseCategoricalCrossentropyOptions options)
    : MeanMetricWrapper(
          [options](const Tensor& y, const Tensor& p) {
            return sparse_categorical_crossentropy(y, p, options.from_logits, options.ignore_class, options.axis);
          },
          {options.name, options.dtype}),
      options_(std::move(options)) {}

void SparseCategoricalCrossentropy::update_state(const Tensor& y_true, const Tensor& y_pred,
                                                 const Tensor& sample_weight) {
  Tensor weight = sample_weight;
  if (options_.ignore_class && weight) {
    Tensor counted = ops::not_equal(y_true, *options_.ignore_class);
    weight = losses::mask_to_weights(weight, counted, dtype(), /*scaled=*/false);
  }
  MeanMetricWrapper::update_state(y_true, y_pred, weight);
}

Config SparseCategoricalCrossentropy::config() const {
  Config result = Metric::config();
  result["from_logits"] = options_.from_logits;
  result["ignore_class"] = options_.ignore_class;
  result["axis"] = options_.axis;
  return result;
}

SparseCategoricalCrossentropy SparseCategoricalCrossentropy::from_config(const Config& config) {
  SparseCategoricalCrossentropyOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  config.read("from_logits", options.from_logits);
  config.read("ignore_class", options.ignore_class);
  config.read("axis", options.axis);
  return SparseCategoricalCrossentropy(std::move(options));
}

}  // namespace hornbeam::metrics
