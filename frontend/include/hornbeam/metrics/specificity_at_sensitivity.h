// SpecificityAtSensitivity.
#pragma once

#include <hornbeam/metrics/best_at_constraint.h>

namespace hornbeam::metrics {

struct SpecificityAtSensitivityOptions {
  double sensitivity = 0.5;              // in [0, 1]
  int64_t num_thresholds = 200;          // from 0 to 1, at equal distances
  std::optional<int64_t> class_id = {};  // only this class is counted
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
};

// The best specificity tn / (tn + fp) among the thresholds at which the sensitivity tp / (tp + fn) is at least the
// given one. 0 if there is none.
// Throws ValueError if sensitivity is outside [0, 1] or num_thresholds is not positive.
class SpecificityAtSensitivity : public BestAtConstraint {
 public:
  explicit SpecificityAtSensitivity(SpecificityAtSensitivityOptions options);
  static SpecificityAtSensitivity from_config(const Config& config);
};

}  // namespace hornbeam::metrics
