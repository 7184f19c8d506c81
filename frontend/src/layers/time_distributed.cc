#include <hornbeam/layers/time_distributed.h>

#include <hornbeam/ops.h>

#include "frontend/src/layers/checks.h"
#include "frontend/src/mask.h"
#include "frontend/src/trace/trace.h"

namespace hornbeam::layers {

static const Register<TimeDistributed> registered{"TimeDistributed", "keras.layers"};

namespace {

Shape step_shape(const Shape& input) {
  std::vector<int64_t> dims{input[0]};
  dims.insert(dims.end(), input.begin() + 2, input.end());
  return Shape(dims);
}

void check_mask(const Shape& mask, const Shape& input) {
  if (mask.rank() < 2)
    throw ValueError(
        "The `mask` passed to the `TimeDistributed` layer must be at least 2D (e.g., `(batch_size, timesteps)`). "
        "Received: mask of shape " +
        mask.to_string());
  if (mask[0] != input[0] || mask[1] != input[1])
    throw ValueError("The `mask` passed to the `TimeDistributed` layer has a shape " + mask.to_string() +
                     " that is incompatible with the input shape " + input.to_string() +
                     ". The first two dimensions of the mask must match the input's.");
}

}  // namespace

TimeDistributed::TimeDistributed(TimeDistributedOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), layer_(options.layer.layer()) {
  if (!layer_)
    throw ValueError("Please initialize `TimeDistributed` layer with a `Layer` instance. Received: layer=none");
  track_layer(*layer_, "layer");
}

void TimeDistributed::check_input(const Shape& input) const {
  if (input.rank() < 3)
    throw ValueError(
        "`TimeDistributed` Layer should be passed an `input_shape` with at least 3 dimensions. Received: input_shape=" +
        input.to_string());
}

void TimeDistributed::build(const Shape& input) { layer_->ensure_built(step_shape(input)); }

Tensor TimeDistributed::call(const Tensor& x, const CallArgs& args) {
  std::vector<Tensor> scanned{ops::swapaxes(x, 0, 1)};
  if (args.mask) {
    check_mask(args.mask.shape(), x.shape());
    scanned.push_back(ops::swapaxes(args.mask, 0, 1));
  }
  std::vector<Tensor> results =
      trace::Trace::current()->scan({}, scanned, x.shape()[1], false, [&](const std::vector<Tensor>& slices) {
        CallArgs inner{.training = args.training};
        if (args.mask) inner.mask = slices[1];
        return std::vector<Tensor>{layer_->invoke(slices[0], inner).single()};
      });
  return with_mask(ops::swapaxes(results[0], 0, 1), args.mask);
}

Config TimeDistributed::config() const {
  Config config = base_config();
  config["layer"] = layer_->serialize();
  return config;
}

TimeDistributed TimeDistributed::from_config(const Config& config) {
  TimeDistributedOptions options;
  read_base(config, options);
  options.layer = layer_from_config(config.at("layer"));
  return TimeDistributed(std::move(options));
}

}  // namespace hornbeam::layers
