// BinaryCrossentropy.
#include <hornbeam/losses/binary_crossentropy.h>
#include <hornbeam/ops.h>

namespace hornbeam::losses {

static const Register<BinaryCrossentropy> registered{"BinaryCrossentropy", "keras.losses", {"bce", "BCE"}};

BinaryCrossentropy::BinaryCrossentropy(BinaryCrossentropyOptions options)
    : Loss(options.name, options.reduction, options.dtype), options_(std::move(options)) {
  if (!(options_.label_smoothing >= 0 && options_.label_smoothing <= 1))
    throw ValueError("[" + name() + "] `label_smoothing` must be in [0, 1]. Received: label_smoothing=" +
                     std::to_string(options_.label_smoothing));
}

Tensor binary_crossentropy(const Tensor& y_true, const Tensor& y_pred, bool from_logits, double label_smoothing,
                           int64_t axis) {
  Tensor labels = ops::cast(y_true, y_pred.dtype());
  if (label_smoothing > 0) labels = labels * (1.0 - label_smoothing) + 0.5 * label_smoothing;
  return ops::mean(ops::binary_crossentropy(labels, y_pred, from_logits), axis);
}

Tensor BinaryCrossentropy::call(const Tensor& y_true, const Tensor& y_pred) const {
  return binary_crossentropy(y_true, y_pred, options_.from_logits, options_.label_smoothing, options_.axis);
}

Config BinaryCrossentropy::config() const {
  Config result = Loss::config();
  result["from_logits"] = options_.from_logits;
  result["label_smoothing"] = options_.label_smoothing;
  result["axis"] = options_.axis;
  return result;
}

BinaryCrossentropy BinaryCrossentropy::from_config(const Config& config) {
  BinaryCrossentropyOptions options;
  config.read("from_logits", options.from_logits);
  config.read("label_smoothing", options.label_smoothing);
  config.read("axis", options.axis);
  config.read("reduction", options.reduction);
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return BinaryCrossentropy(std::move(options));
}

}  // namespace hornbeam::losses
