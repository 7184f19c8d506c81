#include <hornbeam/layers/spectral_normalization.h>

#include <hornbeam/initializers/truncated_normal.h>
#include <hornbeam/ops.h>
#include <hornbeam/ops/normalization.h>

#include "frontend/src/layer_state.h"
#include "frontend/src/layers/windows.h"

namespace hornbeam::layers {

static const Register<SpectralNormalization> registered{"SpectralNormalization", "keras.layers"};

SpectralNormalization::SpectralNormalization(SpectralNormalizationOptions options)
    : Wrapper(options.layer, options.name, options.dtype, options.trainable),
      power_iterations_(options.power_iterations) {
  check_positive("SpectralNormalization", "power_iterations", power_iterations_);
}

void SpectralNormalization::build(const Shape& input) {
  Wrapper::build(input);
  for (const Variable& variable : layer()->own_variables())
    if (!kernel_ && (variable.name() == "kernel" || variable.name() == "embeddings")) kernel_ = variable;
  if (!kernel_)
    throw ValueError("[SpectralNormalization] Layer '" + layer()->name() + "' of class " + layer()->class_name() +
                     " has no 'kernel' nor 'embeddings'.");
  LayerAccess::share(*this, kernel_);
  vector_u_ = add_weight({.name = "vector_u",
                          .shape = {1, kernel_.shape()[-1]},
                          .initializer = initializers::TruncatedNormal({.stddev = 0.02}),
                          .dtype = kernel_.dtype(),
                          .trainable = false});
}

Tensor SpectralNormalization::call(const Tensor& x, const CallArgs& args) {
  if (args.is_training()) {
    Tensor kernel = kernel_, before = vector_u_, u = before, v;
    Tensor matrix = ops::reshape(kernel, {-1, kernel_.shape()[-1]});
    for (int64_t i = 0; i < power_iterations_; ++i) {
      v = ops::normalize(ops::matmul(u, ops::transpose(matrix)), {});
      u = ops::normalize(ops::matmul(v, matrix), {});
    }
    u = ops::stop_gradient(u);
    Tensor largest = ops::matmul(ops::matmul(ops::stop_gradient(v), matrix), ops::transpose(u));
    Tensor zero = ops::all(ops::equal(kernel, 0));
    vector_u_.assign(ops::where(zero, before, u));
    kernel_.assign(kernel / ops::where(zero, 1, ops::reshape(largest, {})));
  }
  return ops::cast(layer()->invoke(x, {.training = args.training, .mask = args.mask}).single(), x.dtype());
}

Config SpectralNormalization::config() const {
  Config config = Wrapper::config();
  config["power_iterations"] = power_iterations_;
  return config;
}

SpectralNormalization SpectralNormalization::from_config(const Config& config) {
  SpectralNormalizationOptions options;
  read_base(config, options);
  options.layer = layer_from_config(config.at("layer"));
  config.read("power_iterations", options.power_iterations);
  return SpectralNormalization(std::move(options));
}

}  // namespace hornbeam::layers
