// LogCosh.
#include <hornbeam/losses/log_cosh.h>
#include <hornbeam/ops.h>

#include <numbers>

#include "frontend/src/losses/options.h"
#include "frontend/src/losses/ranks.h"

namespace hornbeam::losses {

static const Register<LogCosh> registered{"LogCosh", "keras.losses", {"logcosh"}};

LogCosh::LogCosh(LogCoshOptions options) : Loss(options.name, options.reduction, options.dtype) {}

Tensor log_cosh(const Tensor& y_true, const Tensor& y_pred) {
  auto [truth, prediction] = same_rank(ops::cast(y_true, y_pred.dtype()), y_pred);
  Tensor error = prediction - truth;
  // log(cosh(x)) without overflow.
  return ops::mean(error + ops::softplus(error * -2.0) - std::numbers::ln2, -1);
}

Tensor LogCosh::call(const Tensor& y_true, const Tensor& y_pred) const { return log_cosh(y_true, y_pred); }

LogCosh LogCosh::from_config(const Config& config) {
  LogCoshOptions options;
  read_common(config, options);
  return LogCosh(std::move(options));
}

}  // namespace hornbeam::losses
