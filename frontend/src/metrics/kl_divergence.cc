// KLDivergence.
#include <hornbeam/metrics/kl_divergence.h>

namespace hornbeam::metrics {

static const Register<KLDivergence> registered{
    "KLDivergence", "keras.metrics", {"kld", "KLD", "kullback_leibler_divergence"}};

KLDivergence::KLDivergence(KLDivergenceOptions options)
    : MeanMetricWrapper(losses::kl_divergence, {options.name, options.dtype}) {}

KLDivergence KLDivergence::from_config(const Config& config) {
  KLDivergenceOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return KLDivergence(std::move(options));
}

}  // namespace hornbeam::metrics
