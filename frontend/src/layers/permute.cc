#include <hornbeam/layers/permute.h>

#include <algorithm>

#include <hornbeam/ops/shape.h>

#include "frontend/src/layers/checks.h"
#include "frontend/src/layers/fields.h"

namespace hornbeam::layers {

static const Register<Permute> registered{"Permute", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) { field("dims", options.dims); };

}  // namespace

Permute::Permute(PermuteOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  std::vector<int64_t> sorted = options_.dims;
  std::sort(sorted.begin(), sorted.end());
  for (size_t i = 0; i < sorted.size(); ++i)
    if (sorted[i] != static_cast<int64_t>(i) + 1)
      throw ValueError(
          "[Permute] Invalid permutation argument `dims`. The set of indices in `dims` must be consecutive and start "
          "from 1. Received: dims=" +
          Config(options_.dims).to_json());
}

void Permute::check_input(const Shape& input) const {
  check_rank(*this, input, static_cast<int64_t>(options_.dims.size()) + 1);
}

Tensor Permute::call(const Tensor& x, const CallArgs& args) {
  std::vector<int64_t> axes = {0};
  axes.insert(axes.end(), options_.dims.begin(), options_.dims.end());
  return ops::transpose(x, axes);
}

Config Permute::config() const { return with_fields(base_config(), options_, kFields); }

Permute Permute::from_config(const Config& config) { return Permute(options_from<PermuteOptions>(config, kFields)); }

}  // namespace hornbeam::layers
