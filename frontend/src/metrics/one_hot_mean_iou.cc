// OneHotMeanIoU.
#include <hornbeam/metrics/one_hot_mean_iou.h>

#include <numeric>

namespace hornbeam::metrics {

static const Register<OneHotMeanIoU> registered{"OneHotMeanIoU", "keras.metrics"};

IoUOptions OneHotMeanIoU::all_of(const OneHotMeanIoUOptions& options) {
  std::vector<int64_t> every(std::max<int64_t>(options.num_classes, 0));
  std::iota(every.begin(), every.end(), 0);
  return {.num_classes = options.num_classes,
          .target_class_ids = every,
          .name = options.name,
          .dtype = options.dtype,
          .ignore_class = options.ignore_class,
          .sparse_y_true = false,
          .sparse_y_pred = options.sparse_y_pred,
          .axis = options.axis};
}

OneHotMeanIoU::OneHotMeanIoU(OneHotMeanIoUOptions options) : IoU("OneHotMeanIoU", all_of(options)) {}

Config OneHotMeanIoU::config() const {
  Config result = IoU::config();
  result.erase("target_class_ids");
  result.erase("sparse_y_true");
  return result;
}

OneHotMeanIoU OneHotMeanIoU::from_config(const Config& config) {
  OneHotMeanIoUOptions options;
  config.read("num_classes", options.num_classes);
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  config.read("ignore_class", options.ignore_class);
  config.read("sparse_y_pred", options.sparse_y_pred);
  config.read("axis", options.axis);
  return OneHotMeanIoU(std::move(options));
}

}  // namespace hornbeam::metrics
