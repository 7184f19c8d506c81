// BinaryFocalCrossentropy.
#include <hornbeam/losses/binary_focal_crossentropy.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/options.h"

namespace hornbeam::losses {

static const Register<BinaryFocalCrossentropy> registered{"BinaryFocalCrossentropy", "keras.losses"};

BinaryFocalCrossentropy::BinaryFocalCrossentropy(BinaryFocalCrossentropyOptions options)
    : Loss(options.name, options.reduction, options.dtype), options_(std::move(options)) {
  if (!(options_.label_smoothing >= 0 && options_.label_smoothing <= 1))
    throw ValueError("[" + this->name() + "] `label_smoothing` must be in [0, 1]. Received: label_smoothing=" +
                     std::to_string(options_.label_smoothing));
}

Tensor binary_focal_crossentropy(const Tensor& y_true, const Tensor& y_pred, bool apply_class_balancing, double alpha,
                                 double gamma, bool from_logits, double label_smoothing, int64_t axis) {
  Tensor truth = ops::cast(y_true, y_pred.dtype());
  if (label_smoothing > 0) truth = truth * (1.0 - label_smoothing) + 0.5 * label_smoothing;
  Tensor p = from_logits ? ops::sigmoid(y_pred) : y_pred;
  Tensor right = truth * p + (1.0 - truth) * (1.0 - p);
  Tensor loss = ops::power(1.0 - right, gamma) * ops::binary_crossentropy(truth, p);
  if (apply_class_balancing) loss = loss * (truth * alpha + (1.0 - truth) * (1.0 - alpha));
  return ops::mean(loss, axis);
}

Tensor BinaryFocalCrossentropy::call(const Tensor& y_true, const Tensor& y_pred) const {
  return binary_focal_crossentropy(y_true, y_pred, options_.apply_class_balancing, options_.alpha, options_.gamma,
                                   options_.from_logits, options_.label_smoothing, options_.axis);
}

Config BinaryFocalCrossentropy::config() const {
  Config result = Loss::config();
  result["apply_class_balancing"] = options_.apply_class_balancing;
  result["alpha"] = options_.alpha;
  result["gamma"] = options_.gamma;
  result["from_logits"] = options_.from_logits;
  result["label_smoothing"] = options_.label_smoothing;
  result["axis"] = options_.axis;
  return result;
}

BinaryFocalCrossentropy BinaryFocalCrossentropy::from_config(const Config& config) {
  BinaryFocalCrossentropyOptions options;
  config.read("apply_class_balancing", options.apply_class_balancing);
  config.read("alpha", options.alpha);
  config.read("gamma", options.gamma);
  config.read("from_logits", options.from_logits);
  config.read("label_smoothing", options.label_smoothing);
  config.read("axis", options.axis);
  read_common(config, options);
  return BinaryFocalCrossentropy(std::move(options));
}

}  // namespace hornbeam::losses
