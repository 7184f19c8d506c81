// CategoricalGeneralizedCrossEntropy.
#include <hornbeam/losses/categorical_generalized_cross_entropy.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/options.h"

namespace hornbeam::losses {

static const Register<CategoricalGeneralizedCrossEntropy> registered{"CategoricalGeneralizedCrossEntropy",
                                                                     "keras.losses"};

CategoricalGeneralizedCrossEntropy::CategoricalGeneralizedCrossEntropy(
    CategoricalGeneralizedCrossEntropyOptions options)
    : Loss(options.name, options.reduction, options.dtype), options_(std::move(options)) {
  if (!(options_.q > 0 && options_.q < 1))
    throw ValueError("[" + this->name() +
                     "] `q` must be in the interval (0, 1). Received: q=" + std::to_string(options_.q));
}

Tensor categorical_generalized_cross_entropy(const Tensor& y_true, const Tensor& y_pred, double q) {
  Tensor chosen = ops::one_hot(ops::cast(y_true, DType::int32), y_pred.shape()[-1], -1, y_pred.dtype());
  Tensor p = ops::sum(y_pred * chosen, -1);
  return (1.0 - ops::power(p, q)) / q;
}

Tensor CategoricalGeneralizedCrossEntropy::call(const Tensor& y_true, const Tensor& y_pred) const {
  return categorical_generalized_cross_entropy(y_true, y_pred, options_.q);
}

Config CategoricalGeneralizedCrossEntropy::config() const {
  Config result = Loss::config();
  result["q"] = options_.q;
  return result;
}

CategoricalGeneralizedCrossEntropy CategoricalGeneralizedCrossEntropy::from_config(const Config& config) {
  CategoricalGeneralizedCrossEntropyOptions options;
  config.read("q", options.q);
  read_common(config, options);
  return CategoricalGeneralizedCrossEntropy(std::move(options));
}

}  // namespace hornbeam::losses
