// InputSpec: what shapes a layer takes, for check_input of users' own layers.
#pragma once

#include <map>
#include <optional>
#include <string>

#include <hornbeam/layer.h>

namespace hornbeam {

// Keras' arguments in Keras' order. Whatever is given must hold.
struct InputSpec {
  std::optional<DType> dtype = {};
  std::optional<Shape> shape = {};  // kUnknown for an axis of any size
  std::optional<int64_t> ndim = {};
  std::optional<int64_t> max_ndim = {};
  std::optional<int64_t> min_ndim = {};
  std::map<int64_t, int64_t> axes = {};  // sizes of single axes; a negative one counts from the end
  bool allow_last_axis_squeeze = false;  // takes a last axis of 1 more, or less, than `shape` has

  // Throws ValueError that names the layer. Unknown axes of the input pass.
  void check(const Layer& layer, const Shape& input) const;
  // The same of a tensor, and its dtype.
  void check(const Layer& layer, const Tensor& input) const;
};

}  // namespace hornbeam
