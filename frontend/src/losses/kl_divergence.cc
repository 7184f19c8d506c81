// KLDivergence.
#include <hornbeam/losses/kl_divergence.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/options.h"

namespace hornbeam::losses {

static const Register<KLDivergence> registered{
    "KLDivergence", "keras.losses", {"kld", "KLD", "kullback_leibler_divergence"}};

KLDivergence::KLDivergence(KLDivergenceOptions options) : Loss(options.name, options.reduction, options.dtype) {}

Tensor kl_divergence(const Tensor& y_true, const Tensor& y_pred) {
  Tensor truth = ops::clip(ops::cast(y_true, y_pred.dtype()), config::epsilon(), 1.0);
  Tensor prediction = ops::clip(y_pred, config::epsilon(), 1.0);
  return ops::sum(truth * ops::log(truth / prediction), -1);
}

Tensor KLDivergence::call(const Tensor& y_true, const Tensor& y_pred) const { return kl_divergence(y_true, y_pred); }

KLDivergence KLDivergence::from_config(const Config& config) {
  KLDivergenceOptions options;
  read_common(config, options);
  return KLDivergence(std::move(options));
}

}  // namespace hornbeam::losses
