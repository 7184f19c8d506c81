// OneHotIoU.
#include <hornbeam/metrics/one_hot_iou.h>

namespace hornbeam::metrics {

static const Register<OneHotIoU> registered{"OneHotIoU", "keras.metrics"};

IoUOptions OneHotIoU::all_of(const OneHotIoUOptions& options) {
  return {.num_classes = options.num_classes,
          .target_class_ids = options.target_class_ids,
          .name = options.name,
          .dtype = options.dtype,
          .ignore_class = options.ignore_class,
          .sparse_y_true = false,
          .sparse_y_pred = options.sparse_y_pred,
          .axis = options.axis};
}

OneHotIoU::OneHotIoU(OneHotIoUOptions options) : IoU("OneHotIoU", all_of(options)) {}

Config OneHotIoU::config() const {
  Config result = IoU::config();
  result.erase("sparse_y_true");
  return result;
}

OneHotIoU OneHotIoU::from_config(const Config& config) {
  OneHotIoUOptions options;
  config.read("num_classes", options.num_classes);
  config.read("target_class_ids", options.target_class_ids);
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  config.read("ignore_class", options.ignore_class);
  config.read("sparse_y_pred", options.sparse_y_pred);
  config.read("axis", options.axis);
  return OneHotIoU(std::move(options));
}

}  // namespace hornbeam::metrics
