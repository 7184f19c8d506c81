// IoU.
#pragma once

#include <hornbeam/metric.h>

#include <vector>

namespace hornbeam::metrics {

struct IoUOptions {
  int64_t num_classes = 0;
  std::vector<int64_t> target_class_ids = {};  // whose mean is the result
  std::optional<std::string> name = {};
  DTypePolicy dtype = "int64";               // of the confusion matrix
  std::optional<int64_t> ignore_class = {};  // samples of this class count nothing
  bool sparse_y_true = true;                 // integer classes; else one-hot ones along `axis`
  bool sparse_y_pred = true;
  int64_t axis = -1;
};

// Intersection over union, tp / (tp + fp + fn), of the target classes that occur, and their mean; the base of the
// others. Labels or predictions outside [0, num_classes) count nothing. Weights are cast to the dtype. Throws
// ValueError if a target class is outside [0, num_classes).
class IoU : public Metric {
 public:
  explicit IoU(IoUOptions options);
  void update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override;
  Tensor result() const override;
  Config config() const override;
  static IoU from_config(const Config& config);

 protected:
  IoU(const char* class_name, IoUOptions options);
  static IoUOptions read(const Config& config);
  const IoUOptions& options() const { return options_; }

 private:
  IoUOptions options_;
  Variable confusion_;
};

}  // namespace hornbeam::metrics
