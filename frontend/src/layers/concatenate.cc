#include <hornbeam/layers/concatenate.h>

#include <hornbeam/ops.h>

#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<Concatenate> registered{"Concatenate", "keras.layers"};

Concatenate::Concatenate(ConcatenateOptions options)
    : LayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {}

void Concatenate::check_input(const Shapes& inputs) const {
  if (inputs.empty() || inputs.is_single())
    throw ValueError("A `Concatenate` layer should be called on a list of at least 1 input. Received: " +
                     std::string(inputs.empty() ? "no inputs" : "one tensor") + ", for layer '" + name() + "'");
  int64_t rank = inputs[0].rank();
  int64_t along = options_.axis < 0 ? options_.axis + rank : options_.axis;
  bool match = along >= 0 && along < rank;
  std::string shapes;
  for (const Shape& input : inputs) {
    shapes += (shapes.empty() ? "[" : ", ") + input.to_string();
    match &= input.rank() == rank;
    for (int64_t axis = 0; match && axis < rank; ++axis)
      match = axis == along || input[axis] < 0 || inputs[0][axis] < 0 || input[axis] == inputs[0][axis];
  }
  if (!match)
    throw ValueError("A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis " +
                     std::to_string(options_.axis) + ". Received: input_shape=" + shapes + "], for layer '" + name() +
                     "'");
}

Tensors Concatenate::call(const Tensors& inputs, const CallArgs&) {
  Tensor joined = ops::concatenate(inputs.flat(), options_.axis);
  // Masks as wide as the inputs are joined as these are; then a place counts if any of its features does.
  bool any_masked = false;
  std::vector<Tensor> masks;
  for (const Tensor& x : inputs) {
    Tensor mask = mask_of(x);
    any_masked = any_masked || mask;
    if (!mask)
      mask = ops::ones_like(x, DType::boolean);
    else if (mask.rank() < x.rank())
      mask = ops::broadcast_to(ops::expand_dims(mask, -1), x.shape());
    masks.push_back(mask);
  }
  if (!any_masked) return joined;
  return with_mask(joined, ops::any(ops::concatenate(masks, options_.axis), -1));
}

Config Concatenate::config() const {
  Config config = base_config();
  config["axis"] = options_.axis;
  return config;
}

Concatenate Concatenate::from_config(const Config& config) {
  ConcatenateOptions options;
  read_base(config, options);
  config.read("axis", options.axis);
  return Concatenate(std::move(options));
}

}  // namespace hornbeam::layers
