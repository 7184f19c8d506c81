#include <hornbeam/layers/discretization.h>

#include <algorithm>
#include <cmath>

#include <hornbeam/ops.h>

#include "frontend/src/layers/encode.h"
#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/windows.h"

namespace hornbeam::layers {

static const Register<Discretization> registered{"Discretization", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("bin_boundaries", options.bin_boundaries);
  field("num_bins", options.num_bins);
  field("epsilon", options.epsilon);
  field("output_mode", options.output_mode);
  field("sparse", options.sparse);
};

// Values with weights, in ascending order.
struct Summary {
  std::vector<double> values, weights;
};

// About 1 / epsilon of the values, evenly spaced by rank.
Summary summarized(std::vector<double> values, double epsilon) {
  std::sort(values.begin(), values.end());
  double step = std::max(static_cast<double>(values.size()) * epsilon, 1.0);
  Summary summary;
  for (auto i = static_cast<size_t>(step - 1); i < values.size(); i += static_cast<size_t>(step)) {
    summary.values.push_back(values[i]);
    summary.weights.push_back(step);
  }
  return summary;
}

// Piecewise linear through (x, y), constant outside; x ascends.
double interpolated(double at, const std::vector<double>& x, const std::vector<double>& y) {
  if (at <= x.front()) return y.front();
  if (at >= x.back()) return y.back();
  auto right = static_cast<size_t>(std::upper_bound(x.begin(), x.end(), at) - x.begin());
  double span = x[right] - x[right - 1];
  return y[right - 1] + (y[right] - y[right - 1]) * (at - x[right - 1]) / span;
}

// The values at every epsilon of the whole weight.
Summary compressed(const Summary& summary, double epsilon) {
  if (static_cast<double>(summary.values.size()) * epsilon < 1) return summary;
  std::vector<double> sums, shares;
  double sum = 0;
  for (double weight : summary.weights) sums.push_back(sum += weight);
  for (double s : sums) shares.push_back(s / sum);
  Summary out;
  double before = 0;
  const auto n = static_cast<int64_t>(std::ceil(1 / epsilon));
  for (int64_t i = 0; i < n; ++i) {
    double share = epsilon + static_cast<double>(i) * epsilon;
    out.values.push_back(static_cast<float>(interpolated(share, shares, summary.values)));
    double cumulated = interpolated(share, shares, sums);
    out.weights.push_back(static_cast<float>(cumulated - before));
    before = cumulated;
  }
  return out;
}

}  // namespace

Discretization::Discretization(DiscretizationOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  check_output_mode("Discretization", options_.output_mode, {"int", "one_hot", "multi_hot", "count"});
  if (options_.sparse) throw NotImplementedError("[Discretization] sparse=True is not available. Use sparse=False.");
  if (!options_.bin_boundaries && !options_.num_bins)
    throw ValueError("[Discretization] You need to set either `num_bins` or `bin_boundaries`.");
  if (options_.num_bins) check_positive("Discretization", "num_bins", *options_.num_bins);
  *boundaries_ = options_.bin_boundaries;
}

void Discretization::adapt(const Array& data) {
  if (!options_.num_bins)
    throw ValueError("[Discretization] Cannot `adapt` layer '" + name() + "', which was made with `bin_boundaries`.");
  std::vector<double> values;
  for (int64_t i = 0; i < data.num_elements(); ++i) values.push_back(data.get(i));
  if (values.empty()) throw ValueError("[Discretization] Layer '" + name() + "' cannot adapt to no data.");
  // In two steps, as Keras does it for data that come in parts.
  Summary summary = compressed(summarized(std::move(values), options_.epsilon), options_.epsilon);
  Summary bins = compressed(summary, 1.0 / static_cast<double>(*options_.num_bins));
  bins.values.pop_back();
  *boundaries_ = bins.values;
}

Tensor Discretization::call(const Tensor& x, const CallArgs& args) {
  if (!*boundaries_)
    throw ValueError("[Discretization] Layer '" + name() +
                     "' has no bins. Pass `bin_boundaries` when it is made, or call adapt(data) before it is used.");
  const std::vector<double>& values = **boundaries_;
  const auto n = static_cast<int64_t>(values.size());
  Tensor in = is_float(x.dtype()) ? x : ops::cast(x, DType::float32);
  Tensor bins = ops::cast(Array::of<double>({n}, std::span<const double>(values)), in.dtype());
  Tensor above = ops::greater_equal(ops::expand_dims(in, -1), bins);
  Tensor index = ops::sum(ops::cast(above, DType::int32), -1);
  return encode(index, options_.output_mode, n + 1, options_.output_mode == "int" ? DType::int32 : compute_dtype());
}

Config Discretization::config() const {
  // Keras leaves out `trainable`, and names the policy only.
  Config config = Config::object({{"name", name()}, {"dtype", dtype_policy().name()}});
  config = with_fields(config, options_, kFields);
  config["bin_boundaries"] = *boundaries_;
  return config;
}

Discretization Discretization::from_config(const Config& config) {
  return Discretization(options_from<DiscretizationOptions>(config, kFields));
}

}  // namespace hornbeam::layers
