// OneHotMeanIoU.
#pragma once

#include <hornbeam/metrics/iou.h>

namespace hornbeam::metrics {

struct OneHotMeanIoUOptions {
  int64_t num_classes = 0;
  std::optional<std::string> name = {};
  DTypePolicy dtype = "int64";
  std::optional<int64_t> ignore_class = {};  // samples of this class count nothing
  bool sparse_y_pred = false;                // integer classes; else scores of each class along `axis`
  int64_t axis = -1;
};

// The mean IoU of all classes that occur, for one-hot labels.
class OneHotMeanIoU : public IoU {
 public:
  explicit OneHotMeanIoU(OneHotMeanIoUOptions options);
  Config config() const override;
  static OneHotMeanIoU from_config(const Config& config);

 private:
  static IoUOptions all_of(const OneHotMeanIoUOptions& options);
};

}  // namespace hornbeam::metrics
