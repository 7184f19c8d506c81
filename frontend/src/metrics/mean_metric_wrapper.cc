// MeanMetricWrapper.
#include <hornbeam/metrics/mean_metric_wrapper.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/ranks.h"
#include "frontend/src/mask.h"
#include "frontend/src/metrics/samplewise.h"

namespace hornbeam::metrics {

MeanMetricWrapper::MeanMetricWrapper(Function fn, MeanMetricWrapperOptions options)
    : Metric(options.name, options.dtype),
      fn_(std::move(fn)),
      total_(add_variable("total")),
      count_(add_variable("count")) {}

void MeanMetricWrapper::update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) {
  // What y_pred's mask leaves out has no weight.
  Tensor masked = losses::mask_to_weights(sample_weight, mask_of(y_pred), dtype(), /*scaled=*/false);
  auto [weighted, weights] = samplewise(fn_(y_true, y_pred), masked, mean_over, dtype());
  total_.assign_add(ops::sum(weighted));
  if (weights)
    count_.assign_add(ops::sum(weights));
  else
    count_.assign_add(ops::cast(weighted.rank() > 0 ? weighted.shape()[0] : 1, dtype()));
}

Tensor MeanMetricWrapper::result() const { return ops::divide_no_nan(total_, count_); }

}  // namespace hornbeam::metrics
