// The base of SensitivityAtSpecificity, PrecisionAtRecall and their kin.
#pragma once

#include <hornbeam/metrics/confusion_metric.h>

namespace hornbeam::metrics {

// The best value of one quantity among the thresholds at which another is at least `bound`; 0 if there is none.
class BestAtConstraint : public ConfusionMetric {
 public:
  Tensor result() const override;
  Config config() const override;

 protected:
  // Quantities are shares of two counts: {true_positives, false_negatives} is the recall.
  struct Share {
    Count x, y;
  };
  // Throws ValueError unless the bound is in [0, 1] and num_thresholds > 0.
  BestAtConstraint(std::string name, DTypePolicy dtype, const char* bound_name, double bound, int64_t num_thresholds,
                   std::optional<int64_t> class_id, Share constrained, Share wanted);
  template <class Options>
  static Options read(const Config& config, double Options::*bound, const char* bound_name) {
    Options options;
    config.read(bound_name, options.*bound);
    config.read("num_thresholds", options.num_thresholds);
    config.read("class_id", options.class_id);
    config.read("name", options.name);
    config.read("dtype", options.dtype);
    return options;
  }

 private:
  const char* bound_name_;
  double bound_;
  Share constrained_, wanted_;
};

}  // namespace hornbeam::metrics
