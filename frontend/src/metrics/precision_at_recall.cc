// PrecisionAtRecall.
#include <hornbeam/metrics/precision_at_recall.h>

namespace hornbeam::metrics {

static const Register<PrecisionAtRecall> registered{"PrecisionAtRecall", "keras.metrics"};

PrecisionAtRecall::PrecisionAtRecall(PrecisionAtRecallOptions options)
    : BestAtConstraint(name_or_automatic(options.name, "PrecisionAtRecall"), options.dtype, "recall", options.recall,
                       options.num_thresholds, options.class_id, {true_positives, false_negatives},
                       {true_positives, false_positives}) {}

PrecisionAtRecall PrecisionAtRecall::from_config(const Config& config) {
  return PrecisionAtRecall(read<PrecisionAtRecallOptions>(config, &PrecisionAtRecallOptions::recall, "recall"));
}

}  // namespace hornbeam::metrics
