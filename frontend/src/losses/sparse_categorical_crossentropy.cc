// SparseCategoricalCrossentropy.
#include <hornbeam/losses/sparse_categorical_crossentropy.h>
#include <hornbeam/ops.h>

namespace hornbeam::losses {

static const Register<SparseCategoricalCrossentropy> registered{"SparseCategoricalCrossentropy", "keras.losses"};

SparseCategoricalCrossentropy::SparseCategoricalCrossentropy(SparseCategoricalCrossentropyOptions options)
    : Loss(options.name, options.reduction, options.dtype), options_(std::move(options)) {}

namespace {

// Labels [..., 1] of predictions [..., classes] without their axis.
Tensor without_axis(const Tensor& y_true, const Tensor& y_pred, int64_t axis) {
  return y_true.rank() == y_pred.rank() && y_true.shape()[axis] == 1 ? ops::squeeze(y_true, axis) : y_true;
}

}  // namespace

Tensor sparse_categorical_crossentropy(const Tensor& y_true, const Tensor& y_pred, bool from_logits,
                                       std::optional<int64_t> ignore_class, int64_t axis) {
  Tensor labels = without_axis(y_true, y_pred, axis);
  if (!ignore_class) return ops::sparse_categorical_crossentropy(labels, y_pred, from_logits, axis);
  // An ignored label may be no class at all (-1): it is read as class 0, and its value is thrown away.
  Tensor counted = ops::not_equal(labels, *ignore_class);
  Tensor values = ops::sparse_categorical_crossentropy(ops::where(counted, labels, 0), y_pred, from_logits, axis);
  return ops::where(counted, values, 0.0);
}

Tensor SparseCategoricalCrossentropy::call(const Tensor& y_true, const Tensor& y_pred) const {
  return sparse_categorical_crossentropy(y_true, y_pred, options_.from_logits, options_.ignore_class, options_.axis);
}

Tensor SparseCategoricalCrossentropy::valid(const Tensor& y_true, const Tensor& y_pred) const {
  if (!options_.ignore_class) return {};
  return ops::not_equal(without_axis(y_true, y_pred, options_.axis), *options_.ignore_class);
}

Config SparseCategoricalCrossentropy::config() const {
  Config result = Loss::config();
  result["from_logits"] = options_.from_logits;
  result["ignore_class"] = options_.ignore_class;
  if (options_.axis != -1) result["axis"] = options_.axis;  // Keras leaves it out
  return result;
}

SparseCategoricalCrossentropy SparseCategoricalCrossentropy::from_config(const Config& config) {
  SparseCategoricalCrossentropyOptions options;
  config.read("ignore_class", options.ignore_class);
  config.read("from_logits", options.from_logits);
  config.read("axis", options.axis);
  config.read("reduction", options.reduction);
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return SparseCategoricalCrossentropy(std::move(options));
}

}  // namespace hornbeam::losses
