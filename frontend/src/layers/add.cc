#include <hornbeam/layers/add.h>

#include <algorithm>

#include <hornbeam/ops.h>

#include "frontend/src/mask.h"

namespace hornbeam::layers {
namespace {

// A tensor of lower rank than the others gets axes of 1 after the batch.
Shape widened(const Shape& shape, int64_t rank) {
  std::vector<int64_t> dims = shape.dims();
  while (static_cast<int64_t>(dims.size()) < rank) dims.insert(dims.begin() + (dims.empty() ? 0 : 1), 1);
  return Shape(dims);
}

int64_t highest_rank(const Shapes& inputs) {
  int64_t rank = 0;
  for (const Shape& shape : inputs) rank = std::max(rank, shape.rank());
  return rank;
}

}  // namespace

static const Register<Add> registered{"Add", "keras.layers"};

Add::Add(AddOptions options) : LayerOf(options.name, options.dtype, options.trainable) {}

void Add::check_input(const Shapes& inputs) const {
  if (inputs.empty() || inputs.is_single())
    throw ValueError("A merge layer should be called on a list of at least 1 input. Received: " +
                     std::string(inputs.empty() ? "no inputs" : "one tensor") + ", for layer '" + name() + "'");
  int64_t rank = highest_rank(inputs);
  Shape merged = widened(inputs[0], rank);
  for (const Shape& input : inputs) {
    Shape shape = widened(input, rank);
    for (int64_t axis = 0; axis < rank; ++axis) {
      int64_t a = merged[axis], b = shape[axis];
      if (a != b && a != 1 && b != 1 && a >= 0 && b >= 0)
        throw ValueError("Inputs have incompatible shapes in layer '" + name() + "'. Received shapes " +
                         inputs[0].to_string() + " and " + input.to_string());
      if (a == 1 || a < 0) merged[axis] = b == 1 ? a : b;
    }
  }
}

Tensors Add::call(const Tensors& inputs, const CallArgs&) {
  int64_t rank = highest_rank(inputs.map([](const Tensor& x) { return x.shape(); }));
  Tensor sum, mask;
  bool all_masked = true;  // an element counts if it does in any input; an input without a mask leaves none
  for (const Tensor& x : inputs) {
    Tensor wide = ops::reshape(x, widened(x.shape(), rank));
    sum = sum ? sum + wide : wide;
    Tensor own = mask_of(x);
    all_masked = all_masked && own;
    if (all_masked) mask = mask ? ops::logical_or(mask, own) : own;
  }
  return with_mask(sum, all_masked ? mask : Tensor());
}

Add Add::from_config(const Config& config) {
  AddOptions options;
  read_base(config, options);
  return Add(std::move(options));
}

}  // namespace hornbeam::layers
