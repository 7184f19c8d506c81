// Layers that merge a list of tensors element by element: Add, Subtract, Multiply, Average, Maximum and Minimum.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

enum class Merge : uint8_t { add, subtract, multiply, average, maximum, minimum };

struct MergeOptions {
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// The sum, difference, product, mean, largest or least of a list of tensors, which broadcast together; those of lower
// rank get axes of 1 after the batch. Subtract takes two. An element counts if it does in any input, and carries no
// mask if one input has none; Multiply, Maximum and Minimum leave out elements that an input's mask excludes, Multiply
// gives 0 where none is left. Throws ValueError for anything but a list, and for shapes that do not broadcast.
template <Merge M>
class MergeOf : public LayerOf<MergeOf<M>> {
 public:
  explicit MergeOf(MergeOptions options = {});
  void check_input(const Shapes& inputs) const override;
  Tensors call(const Tensors& inputs, const CallArgs&) override;
  static MergeOf from_config(const Config& config);
};

extern template class MergeOf<Merge::add>;
extern template class MergeOf<Merge::subtract>;
extern template class MergeOf<Merge::multiply>;
extern template class MergeOf<Merge::average>;
extern template class MergeOf<Merge::maximum>;
extern template class MergeOf<Merge::minimum>;

using Add = MergeOf<Merge::add>;
using Subtract = MergeOf<Merge::subtract>;
using Multiply = MergeOf<Merge::multiply>;
using Average = MergeOf<Merge::average>;
using Maximum = MergeOf<Merge::maximum>;
using Minimum = MergeOf<Merge::minimum>;

// The layers called at once.
inline Tensor add(const Tensors& inputs, MergeOptions options = {}) {
  return Add(std::move(options))(inputs);
}
inline Tensor subtract(const Tensors& inputs, MergeOptions options = {}) {
  return Subtract(std::move(options))(inputs);
}
inline Tensor multiply(const Tensors& inputs, MergeOptions options = {}) {
  return Multiply(std::move(options))(inputs);
}
inline Tensor average(const Tensors& inputs, MergeOptions options = {}) {
  return Average(std::move(options))(inputs);
}
inline Tensor maximum(const Tensors& inputs, MergeOptions options = {}) {
  return Maximum(std::move(options))(inputs);
}
inline Tensor minimum(const Tensors& inputs, MergeOptions options = {}) {
  return Minimum(std::move(options))(inputs);
}

}  // namespace hornbeam::layers
