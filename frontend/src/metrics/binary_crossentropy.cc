// BinaryCrossentropy.
#include <hornbeam/metrics/binary_crossentropy.h>

namespace hornbeam::metrics {

static const Register<BinaryCrossentropy> registered{"BinaryCrossentropy", "keras.metrics", {"bce", "BCE"}};

BinaryCrossentropy::BinaryCrossentropy(BinaryCrossentropyOptions options)
    : MeanMetricWrapper(
          [options](const Tensor& y, const Tensor& p) {
            return binary_crossentropy(y, p, options.from_logits, options.label_smoothing);
          },
          {options.name, options.dtype}),
      options_(std::move(options)) {}

Config BinaryCrossentropy::config() const {
  Config result = Metric::config();
  result["from_logits"] = options_.from_logits;
  result["label_smoothing"] = options_.label_smoothing;
  return result;
}

BinaryCrossentropy BinaryCrossentropy::from_config(const Config& config) {
  BinaryCrossentropyOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  config.read("from_logits", options.from_logits);
  config.read("label_smoothing", options.label_smoothing);
  return BinaryCrossentropy(std::move(options));
}

}  // namespace hornbeam::metrics
