// What every loss does around its formula: dtypes, ranks, weights, masks, the reduction.
#include <hornbeam/loss.h>
#include <hornbeam/ops.h>
#include <hornbeam/settings.h>

#include <algorithm>

#include "frontend/src/losses/ranks.h"

namespace hornbeam::losses {
namespace {

const std::vector<std::string>& reductions() {
  static const std::vector<std::string> all = {"sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none"};
  return all;
}

bool is_mean(const std::string& reduction) { return reduction == "sum_over_batch_size" || reduction == "mean"; }

// A weight a sample counts for all of the sample's values: its missing trailing axes become 1.
Tensor over_trailing_axes(Tensor weights, const Tensor& values) {
  while (weights.rank() < values.rank()) weights = ops::expand_dims(weights, -1);
  return weights;
}

}  // namespace

Loss::Loss(std::string name, std::string reduction, DTypePolicy dtype)
    : name_(std::move(name)),
      reduction_(std::move(reduction)),
      dtype_(dtype.given() ? std::move(dtype) : DTypePolicy(config::floatx())) {
  if (std::find(reductions().begin(), reductions().end(), reduction_) == reductions().end())
    throw ValueError("[" + name_ + "] Invalid `reduction`: '" + reduction_ + "'" +
                     registry::suggest(reduction_, reductions()));
}

Tensor Loss::operator()(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight,
                        const Tensor& mask) const {
  auto [truth, prediction] = same_rank(ops::cast(y_true, dtype()), ops::cast(y_pred, dtype()));
  Tensor values = call(truth, prediction);
  Tensor counted = valid(truth, prediction);
  if (mask && counted) {
    auto [m, c] = same_rank(ops::cast(mask, DType::boolean), counted);
    counted = ops::logical_and(m, c);
  } else if (mask) {
    counted = mask;
  }
  return reduce_weighted_values(values, sample_weight, reduction_, counted);
}

Tensor reduce_weighted_values(const Tensor& values, const Tensor& sample_weight, const std::string& reduction,
                              const Tensor& mask) {
  Tensor weights = sample_weight ? ops::cast(sample_weight, values.dtype()) : Tensor();
  weights = mask_to_weights(weights, mask, values.dtype(), is_mean(reduction));
  Tensor weighted = values;
  if (weights) {
    std::tie(weighted, weights) = same_rank(values, weights);
    weighted = weighted * over_trailing_axes(weights, weighted);
  }
  if (reduction == "none" || weighted.rank() == 0) return weighted;
  if (reduction == "sum") return ops::sum(weighted);
  if (reduction == "mean_with_sample_weight" && weights)
    return ops::divide_no_nan(ops::sum(weighted), ops::sum(weights));
  return ops::mean(weighted);
}

Config Loss::config() const { return Config::object({{"name", name_}, {"reduction", reduction_}}); }

}  // namespace hornbeam::losses
