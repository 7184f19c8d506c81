#include <hornbeam/input.h>

#include "frontend/src/graph.h"
#include "frontend/src/layer_state.h"

namespace hornbeam {
namespace layers {

static const Register<InputLayer> registered{"InputLayer", "keras.layers"};

InputLayer::InputLayer(InputOptions options)
    : UnaryLayerOf(options.name, DTypePolicy(options.dtype)), options_(std::move(options)) {
  for (int64_t dim : options_.shape)
    if (dim < -1)
      throw ValueError("[Input] The axes of `shape` must not be negative. Received: shape=" +
                       options_.shape.to_string());
  if (options_.batch_size && *options_.batch_size <= 0)
    throw ValueError("[Input] `batch_size` must be positive. Received: batch_size=" +
                     std::to_string(*options_.batch_size));
  state()->built = true;
}

Shape InputLayer::batch_shape() const {
  std::vector<int64_t> dims{options_.batch_size.value_or(kUnknown)};
  dims.insert(dims.end(), options_.shape.begin(), options_.shape.end());
  return Shape(dims);
}

Config InputLayer::config() const {
  return Config::object({{"batch_shape", batch_shape()},
                         {"dtype", options_.dtype},
                         {"sparse", false},
                         {"ragged", false},
                         {"name", name()}});
}

InputLayer InputLayer::from_config(const Config& config) {
  InputOptions options;
  // Keras 3 writes batch_shape; Keras 2 wrote batch_input_shape.
  const Config* given = config.find("batch_shape");
  if (!given) given = config.find("batch_input_shape");
  if (given) {
    Shape shape = given->as_shape();
    if (shape.empty()) throw ValueError("[InputLayer] `batch_shape` must have a batch axis. Received: ()");
    if (shape[0] >= 0) options.batch_size = shape[0];
    options.shape = Shape(std::vector<int64_t>(shape.begin() + 1, shape.end()));
  } else {
    config.read("shape", options.shape);
    config.read("batch_size", options.batch_size);
  }
  if (const Config* dtype = config.find("dtype"); dtype && !dtype->is_null()) {
    if (dtype->is_string())
      dtype->to(options.dtype);
    else
      options.dtype = DTypePolicy::from_config(*dtype).compute_dtype();
  }
  config.read("name", options.name);
  return InputLayer(std::move(options));
}

}  // namespace layers

Tensor Input(InputOptions options) {
  layers::InputLayer layer(options);
  auto node = std::make_shared<graph::Node>(graph::Node{layer.shared(), {}, {}});
  return symbolic_tensor(options.dtype, layer.batch_shape(), node, 0, layer.name());
}

}  // namespace hornbeam
