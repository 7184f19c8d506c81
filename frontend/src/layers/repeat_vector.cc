#include <hornbeam/layers/repeat_vector.h>

#include <hornbeam/ops/shape.h>

#include "frontend/src/layers/checks.h"
#include "frontend/src/layers/fields.h"

namespace hornbeam::layers {

static const Register<RepeatVector> registered{"RepeatVector", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) { field("n", options.n); };

}  // namespace

RepeatVector::RepeatVector(RepeatVectorOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  if (options_.n < 0)
    throw ValueError("[RepeatVector] n must not be negative. Received: n=" + std::to_string(options_.n));
}

void RepeatVector::check_input(const Shape& input) const { check_rank(*this, input, 2); }

Tensor RepeatVector::call(const Tensor& x, const CallArgs& args) {
  return ops::broadcast_to(ops::expand_dims(x, 1), {x.shape()[0], options_.n, x.shape()[1]});
}

Config RepeatVector::config() const { return with_fields(base_config(), options_, kFields); }

RepeatVector RepeatVector::from_config(const Config& config) {
  return RepeatVector(options_from<RepeatVectorOptions>(config, kFields));
}

}  // namespace hornbeam::layers
