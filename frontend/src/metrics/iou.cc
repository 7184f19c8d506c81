// IoU.
#include <hornbeam/metrics/iou.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/options.h"

namespace hornbeam::metrics {

static const Register<IoU> registered{"IoU", "keras.metrics"};

IoU::IoU(IoUOptions options) : IoU("IoU", std::move(options)) {}

IoU::IoU(const char* class_name, IoUOptions options)
    : Metric(name_or_automatic(options.name, class_name), options.dtype),
      options_(std::move(options)),
      confusion_(add_variable("total_confusion_matrix", {options_.num_classes, options_.num_classes})) {
  for (int64_t id : options_.target_class_ids)
    if (id < 0 || id >= options_.num_classes)
      throw ValueError("[" + name() + "] Target class id " + std::to_string(id) + " is out of range, which is [0, " +
                       std::to_string(options_.num_classes) + ").");
}

void IoU::update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) {
  const int64_t classes = options_.num_classes;
  auto numbers = [&](const Tensor& y, bool sparse) {
    return ops::reshape(ops::cast(sparse ? y : ops::argmax(y, options_.axis), DType::int32), {-1});
  };
  Tensor truth = numbers(y_true, options_.sparse_y_true), prediction = numbers(y_pred, options_.sparse_y_pred);
  Tensor weight = sample_weight ? ops::cast(sample_weight, dtype()) : ops::ones({}, dtype());
  if (weight.rank() > 1) weight = ops::reshape(weight, {-1});
  weight = ops::broadcast_to(weight, truth.shape());

  auto in_range = [&](const Tensor& y) { return ops::logical_and(ops::greater_equal(y, 0), ops::less(y, classes)); };
  Tensor counted = ops::logical_and(in_range(truth), in_range(prediction));
  if (options_.ignore_class) counted = ops::logical_and(counted, ops::not_equal(truth, *options_.ignore_class));
  weight = ops::where(counted, weight, 0);

  // The matrix as a product: exact, as long as a batch adds less than 2^24 to an element.
  Tensor rows = ops::one_hot(truth, classes) * ops::expand_dims(ops::cast(weight, config::floatx()), -1);
  Tensor columns = ops::one_hot(prediction, classes);
  confusion_.assign_add(ops::cast(ops::matmul(ops::transpose(rows), columns), dtype()));
}

Tensor IoU::result() const {
  Tensor matrix = confusion_;
  Tensor same_class =
      ops::equal(ops::reshape(ops::arange(0, options_.num_classes), {-1, 1}), ops::arange(0, options_.num_classes));
  Tensor right = ops::sum(ops::where(same_class, matrix, 0), 1);
  Tensor either = ops::sum(matrix, 0) + ops::sum(matrix, 1) - right;
  Tensor wanted = ops::zeros({options_.num_classes});
  for (int64_t id : options_.target_class_ids)
    wanted = wanted + ops::cast(ops::equal(ops::arange(0, options_.num_classes), id), config::floatx());

  Tensor denominator = ops::cast(either, config::floatx());
  Tensor there = ops::greater(denominator, 1e-9);
  Tensor ratio = ops::cast(right, config::floatx()) / (denominator + config::epsilon());
  Tensor number = ops::sum(ops::where(there, wanted, 0.0));
  return ops::sum(ops::where(there, ratio * wanted, 0.0)) / (number + config::epsilon());
}

Config IoU::config() const {
  Config result = Metric::config();
  result["num_classes"] = options_.num_classes;
  result["target_class_ids"] = options_.target_class_ids;
  result["ignore_class"] = options_.ignore_class;
  result["sparse_y_true"] = options_.sparse_y_true;
  result["sparse_y_pred"] = options_.sparse_y_pred;
  result["axis"] = options_.axis;
  return result;
}

IoUOptions IoU::read(const Config& config) {
  IoUOptions options;
  config.read("num_classes", options.num_classes);
  config.read("target_class_ids", options.target_class_ids);
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  config.read("ignore_class", options.ignore_class);
  config.read("sparse_y_true", options.sparse_y_true);
  config.read("sparse_y_pred", options.sparse_y_pred);
  config.read("axis", options.axis);
  return options;
}

IoU IoU::from_config(const Config& config) { return IoU(read(config)); }

}  // namespace hornbeam::metrics
