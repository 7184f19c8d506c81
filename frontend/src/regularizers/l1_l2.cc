// L1L2.
#include <hornbeam/ops.h>
#include <hornbeam/regularizers/l1_l2.h>

#include "frontend/src/regularizers/factor.h"

namespace hornbeam::regularizers {

static const Register<L1L2> registered{"L1L2", "keras.regularizers", {"l1_l2"}};

L1L2::L1L2(L1L2Options options) : options_(std::move(options)) {
  check_factor("L1L2", "l1", options_.l1);
  check_factor("L1L2", "l2", options_.l2);
}

Tensor L1L2::call(const Tensor& x) const {
  Tensor penalty = ops::zeros({}, x.dtype());
  if (options_.l1 != 0) penalty = penalty + options_.l1 * ops::sum(ops::abs(x));
  if (options_.l2 != 0) penalty = penalty + options_.l2 * ops::sum(ops::square(x));
  return penalty;
}

Config L1L2::config() const { return Config::object({{"l1", options_.l1}, {"l2", options_.l2}}); }

L1L2 L1L2::from_config(const Config& config) {
  L1L2Options options;
  config.read("l1", options.l1);
  config.read("l2", options.l2);
  return L1L2(std::move(options));
}

}  // namespace hornbeam::regularizers
