#include <hornbeam/layers/dot.h>

#include <hornbeam/ops.h>
#include <hornbeam/ops/normalization.h>

namespace hornbeam::layers {

static const Register<Dot> registered{"Dot", "keras.layers"};

namespace {

// [batch, …, contracted, …] → [batch, the others as one, contracted].
Tensor rows(const Tensor& x, int64_t axis) {
  Tensor last = ops::moveaxis(x, axis, -1);
  int64_t others = 1;
  for (int64_t i = 1; i + 1 < last.rank(); ++i) others *= last.shape()[i];
  return ops::reshape(last, {last.shape()[0], others, last.shape()[-1]});
}

}  // namespace

Dot::Dot(DotOptions options) : LayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  if (options_.axes.empty() || options_.axes.size() > 2)
    throw ValueError(
        "[Dot] Invalid format for argument `axes`: it should contain one or two elements. Received: axes=" +
        Config(options_.axes).to_json());
  for (int64_t axis : options_.axes)
    if (axis == 0)
      throw ValueError("[Dot] Cannot take the dot product over axis 0, the batch axis. Received: axes=" +
                       Config(options_.axes).to_json());
}

int64_t Dot::axis_of(size_t i, int64_t rank) const {
  int64_t axis = options_.axes.size() == 1 ? options_.axes[0] : options_.axes[i];
  return axis < 0 ? axis + rank : axis;
}

void Dot::check_input(const Shapes& inputs) const {
  if (inputs.size() != 2)
    throw ValueError("A `Dot` layer should be called on a list of 2 inputs. Received: " +
                     std::to_string(inputs.size()) + ", for layer '" + name() + "'");
  int64_t a = axis_of(0, inputs[0].rank()), b = axis_of(1, inputs[1].rank());
  std::string shapes =
      "Full input shapes: " + inputs[0].to_string() + ", " + inputs[1].to_string() + ", for layer '" + name() + "'";
  if (a < 1 || a >= inputs[0].rank() || b < 1 || b >= inputs[1].rank())
    throw ValueError("[Dot] axes=" + Config(options_.axes).to_json() + " is out of range. " + shapes);
  int64_t m = inputs[0][a], n = inputs[1][b];
  if (m >= 0 && n >= 0 && m != n)
    throw ValueError("Incompatible input shapes: axis values " + std::to_string(m) + " (at axis " + std::to_string(a) +
                     ") != " + std::to_string(n) + " (at axis " + std::to_string(b) + "). " + shapes);
}

Tensors Dot::call(const Tensors& inputs, const CallArgs&) {
  Tensor x = inputs[0], y = inputs[1];
  int64_t a = axis_of(0, x.rank()), b = axis_of(1, y.rank());
  if (options_.normalize) x = ops::normalize(x, a), y = ops::normalize(y, b);
  Shape out{x.shape()[0]};
  for (int64_t i = 1; i < x.rank(); ++i)
    if (i != a) out.push_back(x.shape()[i]);
  for (int64_t i = 1; i < y.rank(); ++i)
    if (i != b) out.push_back(y.shape()[i]);
  if (out.rank() == 1) out.push_back(1);
  return ops::reshape(ops::matmul(rows(x, a), ops::swapaxes(rows(y, b), 1, 2)), out);
}

Config Dot::config() const {
  Config config = base_config();
  config["axes"] = options_.axes.size() == 1 ? Config(options_.axes[0]) : Config(options_.axes);
  config["normalize"] = options_.normalize;
  return config;
}

Dot Dot::from_config(const Config& config) {
  DotOptions options;
  read_base(config, options);
  const Config& axes = config.at("axes");
  if (axes.is_number())
    options.axes = {axes.as_int()};
  else
    axes.to(options.axes);
  config.read("normalize", options.normalize);
  return Dot(std::move(options));
}

}  // namespace hornbeam::layers
