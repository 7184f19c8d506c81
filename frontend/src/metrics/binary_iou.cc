// BinaryIoU.
#include <hornbeam/metrics/binary_iou.h>
#include <hornbeam/ops.h>

namespace hornbeam::metrics {

static const Register<BinaryIoU> registered{"BinaryIoU", "keras.metrics"};

BinaryIoU::BinaryIoU(BinaryIoUOptions options)
    : IoU("BinaryIoU", {.num_classes = 2,
                        .target_class_ids = options.target_class_ids,
                        .name = options.name,
                        .dtype = options.dtype}),
      threshold_(options.threshold) {}

void BinaryIoU::update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) {
  IoU::update_state(y_true, ops::greater_equal(ops::cast(y_pred, config::floatx()), threshold_), sample_weight);
}

Config BinaryIoU::config() const {
  Config result = Metric::config();
  result["target_class_ids"] = options().target_class_ids;
  result["threshold"] = threshold_;
  return result;
}

BinaryIoU BinaryIoU::from_config(const Config& config) {
  BinaryIoUOptions options;
  config.read("target_class_ids", options.target_class_ids);
  config.read("threshold", options.threshold);
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return BinaryIoU(std::move(options));
}

}  // namespace hornbeam::metrics
