// RecallAtPrecision.
#pragma once

#include <hornbeam/metrics/best_at_constraint.h>

namespace hornbeam::metrics {

struct RecallAtPrecisionOptions {
  double precision = 0.5;                // in [0, 1]
  int64_t num_thresholds = 200;          // from 0 to 1, at equal distances
  std::optional<int64_t> class_id = {};  // only this class is counted
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
};

// The best recall tp / (tp + fn) among the thresholds at which the precision tp / (tp + fp) is at least the given one.
// 0 if there is none.
// Throws ValueError if precision is outside [0, 1] or num_thresholds is not positive.
class RecallAtPrecision : public BestAtConstraint {
 public:
  explicit RecallAtPrecision(RecallAtPrecisionOptions options);
  static RecallAtPrecision from_config(const Config& config);
};

}  // namespace hornbeam::metrics
