// Circle.
#include <hornbeam/losses/circle.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/options.h"

namespace hornbeam::losses {

static const Register<Circle> registered{"Circle", "keras.losses"};

Circle::Circle(CircleOptions options)
    : Loss(options.name, options.reduction, options.dtype), options_(std::move(options)) {}

namespace {

// The values of the chosen pairs; the others are so low that they add nothing to a sum of exponentials, and finite, so
// that their gradients are 0.
Tensor among(const Tensor& chosen, const Tensor& values) {
  return ops::where(chosen, values, values.dtype() == DType::float16 ? -3e4 : -1e30);
}

}  // namespace

Tensor circle(const Tensor& y_true, const Tensor& y_pred, const Tensor& ref_labels, const Tensor& ref_embeddings,
              bool remove_diagonal, double gamma, double margin) {
  Tensor labels = ops::cast(y_true, DType::int32);
  Tensor others = ref_labels ? ops::cast(ref_labels, DType::int32) : labels;
  Tensor references = ref_embeddings ? ref_embeddings : y_pred;
  Tensor distance = ops::maximum(1.0 - ops::matmul(y_pred, ops::transpose(references)), 0.0);

  Tensor same_class = ops::equal(ops::reshape(labels, {-1, 1}), ops::reshape(others, {1, -1}));
  Tensor positive = same_class, negative = ops::logical_not(same_class);
  if (remove_diagonal) {
    const int64_t rows = same_class.shape()[0], columns = same_class.shape()[1];
    Tensor diagonal = ops::equal(ops::reshape(ops::arange(0, rows), {-1, 1}), ops::arange(0, columns));
    positive = ops::logical_and(positive, ops::logical_not(diagonal));
  }
  Tensor pull = ops::maximum(distance + margin, 0.0) * (margin - distance) * -gamma;
  Tensor push = ops::maximum(1.0 + margin - distance, 0.0) * (1.0 - margin - distance) * gamma;
  Tensor sum = ops::logsumexp(among(positive, pull), 1) + ops::logsumexp(among(negative, push), 1);
  return ops::softplus(sum);
}

Tensor Circle::call(const Tensor& y_true, const Tensor& y_pred) const {
  return circle(y_true, y_pred, {}, {}, options_.remove_diagonal, options_.gamma, options_.margin);
}

Tensor Circle::valid(const Tensor& y_true, const Tensor& y_pred) const {
  return ops::greater(call(y_true, y_pred), 0.0);
}

Config Circle::config() const {
  Config result = Loss::config();
  result["gamma"] = options_.gamma;
  result["margin"] = options_.margin;
  result["remove_diagonal"] = options_.remove_diagonal;
  return result;
}

Circle Circle::from_config(const Config& config) {
  CircleOptions options;
  config.read("gamma", options.gamma);
  config.read("margin", options.margin);
  config.read("remove_diagonal", options.remove_diagonal);
  read_common(config, options);
  return Circle(std::move(options));
}

}  // namespace hornbeam::losses
