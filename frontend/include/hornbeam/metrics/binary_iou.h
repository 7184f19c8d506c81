// BinaryIoU.
#pragma once

#include <hornbeam/metrics/iou.h>

namespace hornbeam::metrics {

struct BinaryIoUOptions {
  std::vector<int64_t> target_class_ids = {0, 1};
  double threshold = 0.5;  // predictions of at least this are class 1
  std::optional<std::string> name = {};
  DTypePolicy dtype = "int64";
};

// IoU of two classes, from probabilities.
class BinaryIoU : public IoU {
 public:
  explicit BinaryIoU(BinaryIoUOptions options = {});
  void update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override;
  Config config() const override;
  static BinaryIoU from_config(const Config& config);

 private:
  double threshold_;
};

}  // namespace hornbeam::metrics
