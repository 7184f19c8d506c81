// SpecificityAtSensitivity.
#include <hornbeam/metrics/specificity_at_sensitivity.h>

namespace hornbeam::metrics {

static const Register<SpecificityAtSensitivity> registered{"SpecificityAtSensitivity", "keras.metrics"};

SpecificityAtSensitivity::SpecificityAtSensitivity(SpecificityAtSensitivityOptions options)
    : BestAtConstraint(name_or_automatic(options.name, "SpecificityAtSensitivity"), options.dtype, "sensitivity",
                       options.sensitivity, options.num_thresholds, options.class_id, {true_positives, false_negatives},
                       {true_negatives, false_positives}) {}

SpecificityAtSensitivity SpecificityAtSensitivity::from_config(const Config& config) {
  return SpecificityAtSensitivity(
      read<SpecificityAtSensitivityOptions>(config, &SpecificityAtSensitivityOptions::sensitivity, "sensitivity"));
}

}  // namespace hornbeam::metrics
