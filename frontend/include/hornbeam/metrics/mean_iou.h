// MeanIoU.
#pragma once

#include <hornbeam/metrics/iou.h>

namespace hornbeam::metrics {

struct MeanIoUOptions {
  int64_t num_classes = 0;
  std::optional<std::string> name = {};
  DTypePolicy dtype = "int64";
  std::optional<int64_t> ignore_class = {};  // samples of this class count nothing
  bool sparse_y_true = true;                 // integer classes; else one-hot ones along `axis`
  bool sparse_y_pred = true;                 // integer classes; else scores of each class along `axis`
  int64_t axis = -1;
};

// The mean IoU of all classes that occur.
class MeanIoU : public IoU {
 public:
  explicit MeanIoU(MeanIoUOptions options);
  Config config() const override;
  static MeanIoU from_config(const Config& config);

 private:
  static IoUOptions all_of(const MeanIoUOptions& options);
};

}  // namespace hornbeam::metrics
