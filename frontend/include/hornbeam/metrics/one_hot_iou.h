// OneHotIoU.
#pragma once

#include <hornbeam/metrics/iou.h>

namespace hornbeam::metrics {

struct OneHotIoUOptions {
  int64_t num_classes = 0;
  std::vector<int64_t> target_class_ids = {};
  std::optional<std::string> name = {};
  DTypePolicy dtype = "int64";
  std::optional<int64_t> ignore_class = {};  // samples of this class count nothing
  bool sparse_y_pred = false;                // integer classes; else scores of each class along `axis`
  int64_t axis = -1;
};

// IoU of the target classes, for one-hot labels.
class OneHotIoU : public IoU {
 public:
  explicit OneHotIoU(OneHotIoUOptions options);
  Config config() const override;
  static OneHotIoU from_config(const Config& config);

 private:
  static IoUOptions all_of(const OneHotIoUOptions& options);
};

}  // namespace hornbeam::metrics
