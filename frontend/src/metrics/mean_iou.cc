// MeanIoU.
#include <hornbeam/metrics/mean_iou.h>

#include <numeric>

namespace hornbeam::metrics {

static const Register<MeanIoU> registered{"MeanIoU", "keras.metrics"};

IoUOptions MeanIoU::all_of(const MeanIoUOptions& options) {
  std::vector<int64_t> every(std::max<int64_t>(options.num_classes, 0));
  std::iota(every.begin(), every.end(), 0);
  return {.num_classes = options.num_classes,
          .target_class_ids = every,
          .name = options.name,
          .dtype = options.dtype,
          .ignore_class = options.ignore_class,
          .sparse_y_true = options.sparse_y_true,
          .sparse_y_pred = options.sparse_y_pred,
          .axis = options.axis};
}

MeanIoU::MeanIoU(MeanIoUOptions options) : IoU("MeanIoU", all_of(options)) {}

Config MeanIoU::config() const {
  Config result = IoU::config();
  result.erase("target_class_ids");
  return result;
}

MeanIoU MeanIoU::from_config(const Config& config) {
  MeanIoUOptions options;
  config.read("num_classes", options.num_classes);
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  config.read("ignore_class", options.ignore_class);
  config.read("sparse_y_true", options.sparse_y_true);
  config.read("sparse_y_pred", options.sparse_y_pred);
  config.read("axis", options.axis);
  return MeanIoU(std::move(options));
}

}  // namespace hornbeam::metrics
