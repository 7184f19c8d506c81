// RecallAtPrecision.
#include <hornbeam/metrics/recall_at_precision.h>

namespace hornbeam::metrics {

static const Register<RecallAtPrecision> registered{"RecallAtPrecision", "keras.metrics"};

RecallAtPrecision::RecallAtPrecision(RecallAtPrecisionOptions options)
    : BestAtConstraint(name_or_automatic(options.name, "RecallAtPrecision"), options.dtype, "precision",
                       options.precision, options.num_thresholds, options.class_id, {true_positives, false_positives},
                       {true_positives, false_negatives}) {}

RecallAtPrecision RecallAtPrecision::from_config(const Config& config) {
  return RecallAtPrecision(read<RecallAtPrecisionOptions>(config, &RecallAtPrecisionOptions::precision, "precision"));
}

}  // namespace hornbeam::metrics
