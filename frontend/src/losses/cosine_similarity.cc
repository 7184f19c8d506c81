// CosineSimilarity.
#include <hornbeam/losses/cosine_similarity.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/options.h"
#include "frontend/src/losses/ranks.h"

namespace hornbeam::losses {

static const Register<CosineSimilarity> registered{"CosineSimilarity", "keras.losses"};

CosineSimilarity::CosineSimilarity(CosineSimilarityOptions options)
    : Loss(options.name, options.reduction, options.dtype), options_(std::move(options)) {}

namespace {

// Of norm 1. A norm below epsilon counts as epsilon.
Tensor unit(const Tensor& x, int64_t axis) {
  Tensor squares = ops::sum(ops::square(x), axis, /*keepdims=*/true);
  return x * ops::rsqrt(ops::maximum(squares, config::epsilon() * config::epsilon()));
}

}  // namespace

Tensor cosine_similarity(const Tensor& y_true, const Tensor& y_pred, int64_t axis) {
  auto [truth, prediction] = same_rank(ops::cast(y_true, y_pred.dtype()), y_pred);
  return -ops::sum(unit(truth, axis) * unit(prediction, axis), axis);
}

Tensor CosineSimilarity::call(const Tensor& y_true, const Tensor& y_pred) const {
  return cosine_similarity(y_true, y_pred, options_.axis);
}

Config CosineSimilarity::config() const {
  Config result = Loss::config();
  if (options_.axis != -1) result["axis"] = options_.axis;  // Keras leaves it out
  return result;
}

CosineSimilarity CosineSimilarity::from_config(const Config& config) {
  CosineSimilarityOptions options;
  config.read("axis", options.axis);
  read_common(config, options);
  return CosineSimilarity(std::move(options));
}

}  // namespace hornbeam::losses
