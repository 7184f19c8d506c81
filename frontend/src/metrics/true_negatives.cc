// TrueNegatives.
#include <hornbeam/metrics/true_negatives.h>

namespace hornbeam::metrics {

static const Register<TrueNegatives> registered{"TrueNegatives", "keras.metrics"};

TrueNegatives::TrueNegatives(TrueNegativesOptions options)
    : ConfusionCount("TrueNegatives", true_negatives, std::move(options)) {}

TrueNegatives TrueNegatives::from_config(const Config& config) { return TrueNegatives(read(config)); }

}  // namespace hornbeam::metrics
