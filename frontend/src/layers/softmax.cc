#include <hornbeam/layers/softmax.h>

#include <hornbeam/ops.h>

#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<Softmax> registered{"Softmax", "keras.layers"};

Softmax::Softmax(SoftmaxOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  if (options_.axis.all() || options_.axis.given().empty())
    throw ValueError("[Softmax] `axis` must name at least one axis. Received: axis=none");
}

Tensor Softmax::call(const Tensor& x, const CallArgs& args) {
  Tensor scores = x;
  if (args.mask) {
    // Keras' large negative number: small enough for exp to give 0, and finite in the dtype.
    double excluded = x.dtype() == DType::float16 ? -3e4 : -1e9;
    scores = scores + (1 - ops::cast(args.mask, x.dtype())) * excluded;
  }
  const std::vector<int64_t>& axes = options_.axis.given();
  if (axes.size() == 1) return with_mask(ops::softmax(scores, axes[0]), args.mask);
  return with_mask(ops::exp(scores - ops::logsumexp(scores, options_.axis, true)), args.mask);
}

Config Softmax::config() const {
  Config config = base_config();
  const std::vector<int64_t>& axes = options_.axis.given();
  config["axis"] = axes.size() == 1 ? Config(axes[0]) : Config(axes);
  return config;
}

Softmax Softmax::from_config(const Config& config) {
  SoftmaxOptions options;
  read_base(config, options);
  if (const Config* axis = config.find("axis")) {
    std::vector<int64_t> axes;
    if (axis->is_array())
      axis->to(axes);
    else
      axes = {axis->as_int()};
    options.axis = Axes(std::move(axes));
  }
  return Softmax(std::move(options));
}

}  // namespace hornbeam::layers
