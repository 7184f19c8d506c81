// SensitivityAtSpecificity.
#include <hornbeam/metrics/sensitivity_at_specificity.h>

namespace hornbeam::metrics {

static const Register<SensitivityAtSpecificity> registered{"SensitivityAtSpecificity", "keras.metrics"};

SensitivityAtSpecificity::SensitivityAtSpecificity(SensitivityAtSpecificityOptions options)
    : BestAtConstraint(name_or_automatic(options.name, "SensitivityAtSpecificity"), options.dtype, "specificity",
                       options.specificity, options.num_thresholds, options.class_id, {true_negatives, false_positives},
                       {true_positives, false_negatives}) {}

SensitivityAtSpecificity SensitivityAtSpecificity::from_config(const Config& config) {
  return SensitivityAtSpecificity(
      read<SensitivityAtSpecificityOptions>(config, &SensitivityAtSpecificityOptions::specificity, "specificity"));
}

}  // namespace hornbeam::metrics
