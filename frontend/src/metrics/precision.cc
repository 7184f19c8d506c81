// Precision.
#include <hornbeam/metrics/precision.h>

namespace hornbeam::metrics {

static const Register<Precision> registered{"Precision", "keras.metrics"};

Precision::Precision(PrecisionOptions options) : ConfusionShare("Precision", false_positives, std::move(options)) {}

Precision Precision::from_config(const Config& config) { return Precision(read(config)); }

}  // namespace hornbeam::metrics
