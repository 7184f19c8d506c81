#include <hornbeam/layers/normalization.h>

#include <hornbeam/ops.h>

#include "frontend/src/layers/checks.h"
#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/normalized_axes.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<Normalization> registered{"Normalization", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("mean", options.mean);
  field("variance", options.variance);
  field("invert", options.invert);
};

Tensor constant(const Numbers& numbers, DType dtype) {
  const std::vector<double>& values = numbers.values();
  Shape shape = numbers.is_list() ? Shape{static_cast<int64_t>(values.size())} : Shape{};
  return Array::of<double>(shape, std::span<const double>(values)).cast(dtype);
}

}  // namespace

Normalization::Normalization(NormalizationOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  if (options_.mean.has_value() != options_.variance.has_value())
    throw ValueError("[Normalization] When setting values directly, both `mean` and `variance` must be set.");
}

Axes Normalization::kept(int64_t rank) const {
  std::vector<int64_t> axes;
  for (int64_t axis : options_.axis.given()) axes.push_back(axis < 0 ? axis + rank : axis);
  return Axes(axes);
}

void Normalization::adapt(const Array& data) {
  if (options_.mean)
    throw ValueError("[Normalization] Cannot `adapt` layer '" + name() +
                     "', which was made with values for `mean` and `variance`.");
  check_input(data.shape());
  Shape batch = data.shape();
  if (batch.rank() > 0) batch[0] = kUnknown;
  ensure_built(batch);
  // The place of each element's feature, counted along the kept axes.
  const std::vector<int64_t> axes = kept(data.shape().rank()).given();
  const Shape features = mean_.shape();
  auto place = [&](int64_t i) {
    int64_t at = 0;
    std::vector<int64_t> index(data.shape().rank());
    for (int64_t axis = data.shape().rank() - 1; axis >= 0; --axis) {
      index[axis] = i % data.shape()[axis];
      i /= data.shape()[axis];
    }
    for (size_t k = 0; k < axes.size(); ++k) at = at * features[static_cast<int64_t>(k)] + index[axes[k]];
    return at;
  };
  const int64_t n = features.num_elements(), per_feature = data.num_elements() / n;
  std::vector<double> means(n), variances(n);
  for (int64_t i = 0; i < data.num_elements(); ++i) means[place(i)] += data.get(i) / static_cast<double>(per_feature);
  for (int64_t i = 0; i < data.num_elements(); ++i) {
    double distance = data.get(i) - means[place(i)];
    variances[place(i)] += distance * distance / static_cast<double>(per_feature);
  }
  mean_.assign(Array::of<double>(features, std::span<const double>(means)).cast(mean_.dtype()));
  variance_.assign(Array::of<double>(features, std::span<const double>(variances)).cast(variance_.dtype()));
}

void Normalization::check_input(const Shape& input) const {
  check_axes(*this, options_.axis, input);
  if (!mean_ || mean_.shape().rank() == 0) return;
  Shape sizes = sizes_of(*this, kept(input.rank()), input);
  if (sizes != mean_.shape())
    throw ValueError(incompatible(*this) + "expected features of shape " + mean_.shape().to_string() +
                     ". Full shape received: " + input.to_string());
}

void Normalization::build(const Shape& input) {
  if (options_.mean) return;
  Shape sizes = sizes_of(*this, kept(input.rank()), input);
  mean_ = add_weight({.name = "mean", .shape = sizes, .initializer = "zeros", .trainable = false});
  variance_ = add_weight({.name = "variance", .shape = sizes, .initializer = "ones", .trainable = false});
  add_weight({.name = "count", .initializer = "zeros", .dtype = DType::int32, .trainable = false});
}

Tensor Normalization::call(const Tensor& x, const CallArgs& args) {
  DType dtype = compute_dtype();
  Tensor mean = options_.mean ? constant(*options_.mean, dtype) : ops::cast(mean_, dtype);
  Tensor variance = options_.variance ? constant(*options_.variance, dtype) : ops::cast(variance_, dtype);
  const Axes axes = kept(x.rank());
  auto wide = [&](const Tensor& weight) { return weight.rank() == 0 ? weight : along(weight, axes, x); };
  Tensor deviation = ops::maximum(ops::sqrt(wide(variance)), config::epsilon()), in = ops::cast(x, dtype);
  return with_mask(options_.invert ? in * deviation + wide(mean) : (in - wide(mean)) / deviation, args.mask);
}

Config Normalization::config() const {
  Config config = base_config();
  config["axis"] = as_list(options_.axis);
  return with_fields(config, options_, kFields);
}

Normalization Normalization::from_config(const Config& config) {
  auto options = options_from<NormalizationOptions>(config, kFields);
  if (const Config* axis = config.find("axis")) {
    options.axis = std::nullopt;
    if (!axis->is_null() && !(axis->is_array() && axis->size() == 0)) options.axis = axes_from(*axis);
  }
  return Normalization(std::move(options));
}

}  // namespace hornbeam::layers
