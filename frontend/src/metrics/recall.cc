// Recall.
#include <hornbeam/metrics/recall.h>

namespace hornbeam::metrics {

static const Register<Recall> registered{"Recall", "keras.metrics"};

Recall::Recall(RecallOptions options) : ConfusionShare("Recall", false_negatives, std::move(options)) {}

Recall Recall::from_config(const Config& config) { return Recall(read(config)); }

}  // namespace hornbeam::metrics
