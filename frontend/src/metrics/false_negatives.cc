// FalseNegatives.
#include <hornbeam/metrics/false_negatives.h>

namespace hornbeam::metrics {

static const Register<FalseNegatives> registered{"FalseNegatives", "keras.metrics"};

FalseNegatives::FalseNegatives(FalseNegativesOptions options)
    : ConfusionCount("FalseNegatives", false_negatives, std::move(options)) {}

FalseNegatives FalseNegatives::from_config(const Config& config) { return FalseNegatives(read(config)); }

}  // namespace hornbeam::metrics
