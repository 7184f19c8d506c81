// CategoricalFocalCrossentropy.
#include <hornbeam/losses/categorical_focal_crossentropy.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/options.h"

namespace hornbeam::losses {

static const Register<CategoricalFocalCrossentropy> registered{"CategoricalFocalCrossentropy", "keras.losses"};

CategoricalFocalCrossentropy::CategoricalFocalCrossentropy(CategoricalFocalCrossentropyOptions options)
    : Loss(options.name, options.reduction, options.dtype), options_(std::move(options)) {
  if (!(options_.label_smoothing >= 0 && options_.label_smoothing <= 1))
    throw ValueError("[" + this->name() + "] `label_smoothing` must be in [0, 1]. Received: label_smoothing=" +
                     std::to_string(options_.label_smoothing));
}

Tensor FocalAlpha::tensor() const {
  if (const double* one = std::get_if<double>(&alpha_)) return Tensor(*one);
  const std::vector<double>& each = std::get<std::vector<double>>(alpha_);
  return Array::of<float>({static_cast<int64_t>(each.size())}, std::vector<float>(each.begin(), each.end()));
}

Config FocalAlpha::config() const {
  return std::visit([](const auto& alpha) { return Config(alpha); }, alpha_);
}

FocalAlpha FocalAlpha::from_config(const Config& config) {
  if (config.is_number()) return config.as_double();
  std::vector<double> each;
  config.to(each);
  return each;
}

Tensor categorical_focal_crossentropy(const Tensor& y_true, const Tensor& y_pred, const FocalAlpha& alpha, double gamma,
                                      bool from_logits, double label_smoothing, int64_t axis) {
  Tensor truth = ops::cast(y_true, y_pred.dtype());
  if (label_smoothing > 0) truth = truth * (1.0 - label_smoothing) + label_smoothing / double(y_true.shape()[-1]);
  Tensor p = from_logits ? ops::softmax(y_pred, axis) : y_pred;
  p = ops::clip(p / ops::sum(p, axis, /*keepdims=*/true), config::epsilon(), 1.0 - config::epsilon());
  Tensor weight = ops::power(1.0 - p, gamma) * ops::cast(alpha.tensor(), p.dtype());
  return ops::sum(weight * (-truth * ops::log(p)), axis);
}

Tensor CategoricalFocalCrossentropy::call(const Tensor& y_true, const Tensor& y_pred) const {
  return categorical_focal_crossentropy(y_true, y_pred, options_.alpha, options_.gamma, options_.from_logits,
                                        options_.label_smoothing, options_.axis);
}

Config CategoricalFocalCrossentropy::config() const {
  Config result = Loss::config();
  result["alpha"] = options_.alpha;
  result["gamma"] = options_.gamma;
  result["from_logits"] = options_.from_logits;
  result["label_smoothing"] = options_.label_smoothing;
  result["axis"] = options_.axis;
  return result;
}

CategoricalFocalCrossentropy CategoricalFocalCrossentropy::from_config(const Config& config) {
  CategoricalFocalCrossentropyOptions options;
  config.read("alpha", options.alpha);
  config.read("gamma", options.gamma);
  config.read("from_logits", options.from_logits);
  config.read("label_smoothing", options.label_smoothing);
  config.read("axis", options.axis);
  read_common(config, options);
  return CategoricalFocalCrossentropy(std::move(options));
}

}  // namespace hornbeam::losses
