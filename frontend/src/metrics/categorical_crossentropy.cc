// CategoricalCrossentropy.
#include <hornbeam/metrics/categorical_crossentropy.h>

namespace hornbeam::metrics {

static const Register<CategoricalCrossentropy> registered{"CategoricalCrossentropy", "keras.metrics"};

CategoricalCrossentropy::CategoricalCrossentropy(CategoricalCrossentropyOptions options)
    : MeanMetricWrapper(
          [options](const Tensor& y, const Tensor& p) {
            return categorical_crossentropy(y, p, options.from_logits, options.label_smoothing, options.axis);
          },
          {options.name, options.dtype}),
      options_(std::move(options)) {}

Config CategoricalCrossentropy::config() const {
  Config result = Metric::config();
  result["from_logits"] = options_.from_logits;
  result["label_smoothing"] = options_.label_smoothing;
  result["axis"] = options_.axis;
  return result;
}

CategoricalCrossentropy CategoricalCrossentropy::from_config(const Config& config) {
  CategoricalCrossentropyOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  config.read("from_logits", options.from_logits);
  config.read("label_smoothing", options.label_smoothing);
  config.read("axis", options.axis);
  return CategoricalCrossentropy(std::move(options));
}

}  // namespace hornbeam::metrics
