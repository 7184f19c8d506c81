// L1.
#include <hornbeam/ops.h>
#include <hornbeam/regularizers/l1.h>

#include "frontend/src/regularizers/factor.h"

namespace hornbeam::regularizers {

static const Register<L1> registered{"L1", "keras.regularizers"};

L1::L1(L1Options options) : options_(std::move(options)) { check_factor("L1", "l1", options_.l1); }

Tensor L1::call(const Tensor& x) const { return options_.l1 * ops::sum(ops::abs(x)); }

Config L1::config() const { return Config::object({{"l1", options_.l1}}); }

L1 L1::from_config(const Config& config) {
  L1Options options;
  config.read("l1", options.l1);
  return L1(std::move(options));
}

}  // namespace hornbeam::regularizers
