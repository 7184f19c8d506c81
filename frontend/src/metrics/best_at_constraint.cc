// The best of one quantity under a bound of another.
#include <hornbeam/metrics/best_at_constraint.h>
#include <hornbeam/ops.h>

namespace hornbeam::metrics {

BestAtConstraint::BestAtConstraint(std::string name, DTypePolicy dtype, const char* bound_name, double bound,
                                   int64_t num_thresholds, std::optional<int64_t> class_id, Share constrained,
                                   Share wanted)
    : ConfusionMetric(name, std::move(dtype),
                      {.thresholds = even_thresholds(name, num_thresholds), .class_id = class_id}),
      bound_name_(bound_name),
      bound_(bound),
      constrained_(constrained),
      wanted_(wanted) {
  if (!(bound >= 0 && bound <= 1))
    throw ValueError("[" + name + "] Argument `" + bound_name +
                     "` must be in the range [0, 1]. Received: " + bound_name + "=" + std::to_string(bound));
}

Tensor BestAtConstraint::result() const {
  Tensor feasible = ops::greater_equal(share(constrained_.x, constrained_.y), bound_);
  return ops::max(ops::where(feasible, share(wanted_.x, wanted_.y), 0.0));
}

Config BestAtConstraint::config() const {
  Config result = Metric::config();
  result["class_id"] = counting().class_id;
  result["num_thresholds"] = static_cast<int64_t>(counting().thresholds.size());
  result[bound_name_] = bound_;
  return result;
}

}  // namespace hornbeam::metrics
