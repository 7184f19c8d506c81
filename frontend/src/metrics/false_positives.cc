// FalsePositives.
#include <hornbeam/metrics/false_positives.h>

namespace hornbeam::metrics {

static const Register<FalsePositives> registered{"FalsePositives", "keras.metrics"};

FalsePositives::FalsePositives(FalsePositivesOptions options)
    : ConfusionCount("FalsePositives", false_positives, std::move(options)) {}

FalsePositives FalsePositives::from_config(const Config& config) { return FalsePositives(read(config)); }

}  // namespace hornbeam::metrics
