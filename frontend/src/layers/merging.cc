#include <hornbeam/layers/merging.h>

#include <algorithm>

#include <hornbeam/ops.h>

#include "frontend/src/mask.h"

namespace hornbeam::layers {
namespace {

const Register<Add> registered_add{"Add", "keras.layers"};
const Register<Subtract> registered_subtract{"Subtract", "keras.layers"};
const Register<Multiply> registered_multiply{"Multiply", "keras.layers"};
const Register<Average> registered_average{"Average", "keras.layers"};
const Register<Maximum> registered_maximum{"Maximum", "keras.layers"};
const Register<Minimum> registered_minimum{"Minimum", "keras.layers"};

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

Tensor merged(Merge merge, const Tensor& a, const Tensor& b) {
  switch (merge) {
    case Merge::subtract: return a - b;
    case Merge::multiply: return a * b;
    case Merge::maximum: return ops::maximum(a, b);
    case Merge::minimum: return ops::minimum(a, b);
    default: return a + b;
  }
}

// A mask of the first axes, as wide as its tensor.
Tensor wide_mask(const Tensor& x, const Tensor& mask) {
  return mask ? ops::broadcast_to(ops::expand_dims(ops::cast(mask, DType::boolean), -1), x.shape()) : Tensor();
}

// Masks of all inputs together: an element counts if it does in any; none if one input has none.
Tensor any_of(const std::vector<Tensor>& masks) {
  Tensor all;
  for (const Tensor& mask : masks) {
    if (!mask) return {};
    all = all ? ops::logical_or(all, mask) : mask;
  }
  return all;
}

// The product of what counts, 0 where nothing does.
Tensor masked_product(const std::vector<Tensor>& xs, const std::vector<Tensor>& masks) {
  Tensor product;
  for (size_t i = 0; i < xs.size(); ++i) {
    Tensor x = masks[i] ? ops::where(masks[i], xs[i], 1) : xs[i];
    product = product ? product * x : x;
  }
  Tensor all = any_of(masks);
  return all ? with_mask(ops::where(all, product, 0), ops::any(all, -1)) : product;
}

// The largest or least of what counts. An element whose mask excludes it takes the value of the others so far.
Tensor masked_extreme(Merge merge, const std::vector<Tensor>& xs, const std::vector<Tensor>& masks) {
  Tensor y = xs[0], mask = masks[0];
  for (size_t i = 1; i < xs.size(); ++i) {
    Tensor x = masks[i] ? ops::where(masks[i], xs[i], y) : xs[i];
    if (mask) y = ops::where(mask, y, x);
    mask = mask && masks[i] ? ops::logical_or(mask, masks[i]) : Tensor();
    y = merged(merge, y, x);
  }
  return mask ? with_mask(y, ops::any(mask, -1)) : y;
}

}  // namespace

template <Merge M>
MergeOf<M>::MergeOf(MergeOptions options) : LayerOf<MergeOf>(options.name, options.dtype, options.trainable) {}

template <Merge M>
void MergeOf<M>::check_input(const Shapes& inputs) const {
  if (inputs.empty() || inputs.is_single())
    throw ValueError("A merge layer should be called on a list of at least 1 input. Received: " +
                     std::string(inputs.empty() ? "no inputs" : "one tensor") + ", for layer '" + this->name() + "'");
  if (M == Merge::subtract && inputs.size() != 2)
    throw ValueError("A `Subtract` layer should be called on exactly 2 inputs. Received: " +
                     std::to_string(inputs.size()) + " inputs, for layer '" + this->name() + "'");
  int64_t rank = highest_rank(inputs);
  Shape all = widened(inputs[0], rank);
  for (const Shape& input : inputs) {
    Shape shape = widened(input, rank);
    for (int64_t axis = 0; axis < rank; ++axis) {
      int64_t a = all[axis], b = shape[axis];
      if (a != b && a != 1 && b != 1 && a >= 0 && b >= 0)
        throw ValueError("Inputs have incompatible shapes in layer '" + this->name() + "'. Received shapes " +
                         inputs[0].to_string() + " and " + input.to_string());
      if (a == 1 || a < 0) all[axis] = b == 1 ? a : b;
    }
  }
}

template <Merge M>
Tensors MergeOf<M>::call(const Tensors& inputs, const CallArgs&) {
  int64_t rank = highest_rank(inputs.map([](const Tensor& x) { return x.shape(); }));
  std::vector<Tensor> xs, masks;
  bool any_masked = false;
  for (const Tensor& x : inputs) {
    xs.push_back(ops::reshape(x, widened(x.shape(), rank)));
    masks.push_back(mask_of(x));
    any_masked = any_masked || masks.back();
  }
  if (any_masked && (M == Merge::multiply || M == Merge::maximum || M == Merge::minimum)) {
    for (size_t i = 0; i < xs.size(); ++i) masks[i] = wide_mask(xs[i], masks[i]);
    return M == Merge::multiply ? masked_product(xs, masks) : masked_extreme(M, xs, masks);
  }
  Tensor y = xs[0];
  for (size_t i = 1; i < xs.size(); ++i) y = merged(M, y, xs[i]);
  if (M == Merge::average) y = y / static_cast<double>(xs.size());
  return with_mask(y, any_of(masks));
}

template <Merge M>
MergeOf<M> MergeOf<M>::from_config(const Config& config) {
  MergeOptions options;
  read_base(config, options);
  return MergeOf(std::move(options));
}

template class MergeOf<Merge::add>;
template class MergeOf<Merge::subtract>;
template class MergeOf<Merge::multiply>;
template class MergeOf<Merge::average>;
template class MergeOf<Merge::maximum>;
template class MergeOf<Merge::minimum>;

}  // namespace hornbeam::layers
