// CategoricalCrossentropy.
#include <hornbeam/losses/categorical_crossentropy.h>
#include <hornbeam/ops.h>

namespace hornbeam::losses {

static const Register<CategoricalCrossentropy> registered{"CategoricalCrossentropy", "keras.losses"};

CategoricalCrossentropy::CategoricalCrossentropy(CategoricalCrossentropyOptions options)
    : Loss(options.name, options.reduction, options.dtype), options_(std::move(options)) {
  if (!(options_.label_smoothing >= 0 && options_.label_smoothing <= 1))
    throw ValueError("[" + name() + "] `label_smoothing` must be in [0, 1]. Received: label_smoothing=" +
                     std::to_string(options_.label_smoothing));
}

Tensor categorical_crossentropy(const Tensor& y_true, const Tensor& y_pred, bool from_logits, double label_smoothing,
                                int64_t axis) {
  Tensor labels = ops::cast(y_true, y_pred.dtype());
  if (label_smoothing > 0) {
    double classes = static_cast<double>(y_true.shape()[-1]);
    labels = labels * (1.0 - label_smoothing) + label_smoothing / classes;
  }
  return ops::categorical_crossentropy(labels, y_pred, from_logits, axis);
}

Tensor CategoricalCrossentropy::call(const Tensor& y_true, const Tensor& y_pred) const {
  return categorical_crossentropy(y_true, y_pred, options_.from_logits, options_.label_smoothing, options_.axis);
}

Config CategoricalCrossentropy::config() const {
  Config result = Loss::config();
  result["from_logits"] = options_.from_logits;
  result["label_smoothing"] = options_.label_smoothing;
  result["axis"] = options_.axis;
  return result;
}

CategoricalCrossentropy CategoricalCrossentropy::from_config(const Config& config) {
  CategoricalCrossentropyOptions options;
  config.read("from_logits", options.from_logits);
  config.read("label_smoothing", options.label_smoothing);
  config.read("axis", options.axis);
  config.read("reduction", options.reduction);
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return CategoricalCrossentropy(std::move(options));
}

}  // namespace hornbeam::losses
