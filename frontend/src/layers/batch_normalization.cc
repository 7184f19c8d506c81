#include <hornbeam/layers/batch_normalization.h>

#include <hornbeam/ops.h>

#include <cmath>

#include "frontend/src/layers/checks.h"
#include "frontend/src/layers/uncast.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<BatchNormalization> registered{"BatchNormalization", "keras.layers"};

namespace {

// The root of what another initializer gives: of a deviation, where Keras has an initializer for the variance.
class RootOf : public initializers::Initializer {
 public:
  explicit RootOf(hornbeam::Initializer inner) : inner_(std::move(inner)) {}
  Array call(const Shape& shape, DType dtype) const override {
    Array values = inner_->call(shape, dtype).clone();
    for (int64_t i = 0; i < values.num_elements(); ++i) values.set(i, std::sqrt(values.get(i)));
    return values;
  }

 private:
  hornbeam::Initializer inner_;
};

}  // namespace

Config RenormClipping::config() const {
  Config config = Config::object();
  if (rmax) config["rmax"] = rmax;
  if (rmin) config["rmin"] = rmin;
  if (dmax) config["dmax"] = dmax;
  return config;
}

RenormClipping RenormClipping::from_config(const Config& config) {
  RenormClipping clipping;
  if (config.is_null()) return clipping;
  for (const auto& [key, value] : config.as_object()) {
    if (key == "rmax")
      value.to(clipping.rmax);
    else if (key == "rmin")
      value.to(clipping.rmin);
    else if (key == "dmax")
      value.to(clipping.dmax);
    else
      throw ValueError("[BatchNormalization] Received an invalid key for `renorm_clipping`: '" + key +
                       "'. Supported: rmax, rmin, dmax");
  }
  return clipping;
}

BatchNormalization::BatchNormalization(BatchNormalizationOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  const RenormClipping& clip = options_.renorm_clipping;
  if (clip.rmax && clip.rmin && *clip.rmax < *clip.rmin)
    throw ValueError("[BatchNormalization] rmax must not be less than rmin in `renorm_clipping`. Received: rmax=" +
                     std::to_string(*clip.rmax) + ", rmin=" + std::to_string(*clip.rmin));
  if (clip.dmax && *clip.dmax < 0)
    throw ValueError("[BatchNormalization] dmax must not be negative in `renorm_clipping`. Received: dmax=" +
                     std::to_string(*clip.dmax));
}

void BatchNormalization::check_input(const Shape& input) const {
  if (options_.axis >= input.rank() || options_.axis < -input.rank())
    throw ValueError(incompatible(*this) + "axis=" + std::to_string(options_.axis) +
                     " is out of range. Full shape received: " + input.to_string());
  if (moving_mean_) check_axis(*this, input, options_.axis, moving_mean_.shape()[0]);
}

void BatchNormalization::build(const Shape& input) {
  check_known_axis(*this, input, options_.axis);
  Shape features{input[options_.axis]};
  if (options_.scale)
    gamma_ = add_weight({.name = "gamma",
                         .shape = features,
                         .initializer = options_.gamma_initializer,
                         .regularizer = options_.gamma_regularizer,
                         .constraint = options_.gamma_constraint});
  if (options_.center)
    beta_ = add_weight({.name = "beta",
                        .shape = features,
                        .initializer = options_.beta_initializer,
                        .regularizer = options_.beta_regularizer,
                        .constraint = options_.beta_constraint});
  moving_mean_ = add_weight(
      {.name = "moving_mean", .shape = features, .initializer = options_.moving_mean_initializer, .trainable = false});
  moving_variance_ = add_weight({.name = "moving_variance",
                                 .shape = features,
                                 .initializer = options_.moving_variance_initializer,
                                 .trainable = false});
  if (!options_.renorm) return;
  RootOf root(options_.moving_variance_initializer);
  moving_stddev_ = add_weight({.name = "moving_stddev", .shape = features, .initializer = root, .trainable = false});
  renorm_mean_ = add_weight(
      {.name = "renorm_mean", .shape = features, .initializer = options_.moving_mean_initializer, .trainable = false});
  renorm_stddev_ = add_weight({.name = "renorm_stddev", .shape = features, .initializer = root, .trainable = false});
}

BatchNormalization::Moments BatchNormalization::moments(const Tensor& x, const std::vector<int64_t>& others,
                                                        const Tensor& mask) const {
  Shape features = moving_mean_.shape();
  if (!mask) {
    Tensor mean = ops::mean(x, others, true);
    return {ops::reshape(mean, features), ops::mean(ops::square(x - mean), others)};
  }
  if (mask.rank() != x.rank() - 1)
    throw ValueError(incompatible(*this) +
                     "the mask should have one axis less than the inputs. Received: mask of shape " +
                     mask.shape().to_string() + ", inputs of shape " + x.shape().to_string());
  Tensor kept = ops::broadcast_to(ops::expand_dims(ops::cast(mask, DType::boolean), -1), x.shape());
  Tensor count = ops::sum(ops::cast(kept, x.dtype()), others, true) + config::epsilon();
  Tensor mean = ops::sum(ops::where(kept, x, 0.0), others, true) / count;
  Tensor squares = ops::sum(ops::square(ops::where(kept, x - mean, 0.0)), others, true);
  return {ops::reshape(mean, features), ops::reshape(squares / count, features)};
}

Tensor BatchNormalization::call(const Tensor& x, const CallArgs& args) {
  int64_t axis = options_.axis < 0 ? options_.axis + x.rank() : options_.axis;
  std::vector<int64_t> others;
  Shape along;
  for (int64_t i = 0; i < x.rank(); ++i) {
    along.push_back(i == axis ? x.shape()[axis] : 1);
    if (i != axis) others.push_back(i);
  }
  // 16-bit inputs are normalized in float32, as their squares soon overflow.
  Tensor in = ops::cast(x, result_type(x.dtype(), DType::float32));
  Tensor gamma = options_.scale ? ops::cast(uncast(gamma_), in.dtype()) : Tensor();
  Tensor beta = options_.center ? ops::cast(uncast(beta_), in.dtype()) : Tensor();
  Tensor mean, variance;
  if (args.is_training() && trainable()) {
    auto [batch_mean, batch_variance] = moments(in, others, args.mask);
    mean = batch_mean, variance = batch_variance;
    auto follow = [&](const Variable& moving, const Tensor& batch, double momentum) {
      moving.assign(ops::cast(uncast(moving), in.dtype()) * momentum + batch * (1 - momentum));
    };
    follow(moving_mean_, mean, options_.momentum);
    if (options_.renorm) {
      Tensor deviation = ops::sqrt(variance + options_.epsilon);
      Tensor usual = ops::maximum(ops::cast(uncast(renorm_stddev_), in.dtype()), std::sqrt(options_.epsilon));
      Tensor r = deviation / usual, d = (mean - ops::cast(uncast(renorm_mean_), in.dtype())) / usual;
      const RenormClipping& clip = options_.renorm_clipping;
      if (clip.rmin) r = ops::maximum(r, *clip.rmin);
      if (clip.rmax) r = ops::minimum(r, *clip.rmax);
      if (clip.dmax) d = ops::clip(d, -*clip.dmax, *clip.dmax);
      r = ops::stop_gradient(r), d = ops::stop_gradient(d);
      // (x * r + d) * gamma + beta = x * (r * gamma) + (d * gamma + beta)
      Tensor shift = gamma ? d * gamma : d;
      gamma = gamma ? r * gamma : r;
      beta = beta ? shift + beta : shift;
      follow(renorm_mean_, mean, options_.renorm_momentum);
      follow(renorm_stddev_, deviation, options_.renorm_momentum);
      follow(moving_stddev_, deviation, options_.momentum);
      Tensor moving_deviation = ops::cast(uncast(moving_stddev_), in.dtype());
      moving_variance_.assign(ops::relu(ops::square(moving_deviation) - options_.epsilon));
    } else {
      follow(moving_variance_, variance, options_.momentum);
    }
  } else {
    mean = ops::cast(uncast(moving_mean_), in.dtype());
    variance = ops::cast(uncast(moving_variance_), in.dtype());
  }
  Tensor factor = ops::rsqrt(variance + options_.epsilon);
  if (gamma) factor = factor * gamma;
  Tensor y = (in - ops::reshape(mean, along)) * ops::reshape(factor, along);
  if (beta) y = y + ops::reshape(beta, along);
  return with_mask(ops::cast(y, x.dtype()), args.mask);
}

Config BatchNormalization::config() const {
  Config config = base_config();
  config.merge(Config::object({{"axis", options_.axis},
                               {"momentum", options_.momentum},
                               {"epsilon", options_.epsilon},
                               {"center", options_.center},
                               {"scale", options_.scale},
                               {"beta_initializer", options_.beta_initializer},
                               {"gamma_initializer", options_.gamma_initializer},
                               {"moving_mean_initializer", options_.moving_mean_initializer},
                               {"moving_variance_initializer", options_.moving_variance_initializer},
                               {"beta_regularizer", options_.beta_regularizer},
                               {"gamma_regularizer", options_.gamma_regularizer},
                               {"beta_constraint", options_.beta_constraint},
                               {"gamma_constraint", options_.gamma_constraint},
                               {"synchronized", options_.synchronized},
                               {"renorm", options_.renorm},
                               {"renorm_clipping", options_.renorm ? options_.renorm_clipping.config() : Config()},
                               {"renorm_momentum", options_.renorm_momentum}}));
  return config;
}

BatchNormalization BatchNormalization::from_config(const Config& config) {
  BatchNormalizationOptions options;
  read_base(config, options);
  // Keras 2 wrote the axis as a list of one.
  if (const Config* axis = config.find("axis")) options.axis = axis->is_array() ? (*axis)[0].as_int() : axis->as_int();
  config.read("momentum", options.momentum);
  config.read("epsilon", options.epsilon);
  config.read("center", options.center);
  config.read("scale", options.scale);
  config.read("beta_initializer", options.beta_initializer);
  config.read("gamma_initializer", options.gamma_initializer);
  config.read("moving_mean_initializer", options.moving_mean_initializer);
  config.read("moving_variance_initializer", options.moving_variance_initializer);
  config.read("beta_regularizer", options.beta_regularizer);
  config.read("gamma_regularizer", options.gamma_regularizer);
  config.read("beta_constraint", options.beta_constraint);
  config.read("gamma_constraint", options.gamma_constraint);
  config.read("synchronized", options.synchronized);
  config.read("renorm", options.renorm);
  config.read("renorm_clipping", options.renorm_clipping);
  config.read("renorm_momentum", options.renorm_momentum);
  return BatchNormalization(std::move(options));
}

}  // namespace hornbeam::layers
