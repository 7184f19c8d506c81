// One weighted value a sample.
#include "frontend/src/metrics/samplewise.h"

#include <hornbeam/ops.h>

#include <numeric>

#include "frontend/src/losses/ranks.h"

namespace hornbeam::metrics {
namespace {

std::vector<int64_t> axes_from(int64_t first, int64_t end) {
  std::vector<int64_t> axes(end - first);
  std::iota(axes.begin(), axes.end(), first);
  return axes;
}

}  // namespace

Tensor mean_over(const Tensor& x, const std::vector<int64_t>& axes) { return ops::mean(x, axes); }
Tensor sum_over(const Tensor& x, const std::vector<int64_t>& axes) { return ops::sum(x, axes); }

std::pair<Tensor, Tensor> samplewise(Tensor values, Tensor sample_weight, Reduction reduce, DType dtype) {
  values = ops::cast(values, dtype);
  if (sample_weight) {
    std::tie(values, sample_weight) = losses::same_rank(values, ops::cast(sample_weight, dtype));
    const int64_t weight_rank = sample_weight.rank();
    if (values.rank() > weight_rank) values = reduce(values, axes_from(weight_rank, values.rank()));
    sample_weight = ops::broadcast_to(sample_weight, values.shape());
    values = values * sample_weight;
    if (weight_rank > 1) sample_weight = reduce(sample_weight, axes_from(1, weight_rank));
  }
  if (values.rank() > 1) values = reduce(values, axes_from(1, values.rank()));
  return {values, sample_weight};
}

}  // namespace hornbeam::metrics
