// TruePositives.
#include <hornbeam/metrics/true_positives.h>

namespace hornbeam::metrics {

static const Register<TruePositives> registered{"TruePositives", "keras.metrics"};

TruePositives::TruePositives(TruePositivesOptions options)
    : ConfusionCount("TruePositives", true_positives, std::move(options)) {}

TruePositives TruePositives::from_config(const Config& config) { return TruePositives(read(config)); }

}  // namespace hornbeam::metrics
