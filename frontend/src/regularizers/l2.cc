// L2.
#include <hornbeam/ops.h>
#include <hornbeam/regularizers/l2.h>

#include "frontend/src/regularizers/factor.h"

namespace hornbeam::regularizers {

static const Register<L2> registered{"L2", "keras.regularizers"};

L2::L2(L2Options options) : options_(std::move(options)) { check_factor("L2", "l2", options_.l2); }

Tensor L2::call(const Tensor& x) const { return options_.l2 * ops::sum(ops::square(x)); }

Config L2::config() const { return Config::object({{"l2", options_.l2}}); }

L2 L2::from_config(const Config& config) {
  L2Options options;
  config.read("l2", options.l2);
  return L2(std::move(options));
}

}  // namespace hornbeam::regularizers
