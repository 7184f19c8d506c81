#include <hornbeam/input_spec.h>

#include "frontend/src/layers/checks.h"

namespace hornbeam {

void InputSpec::check(const Layer& layer, const Shape& input) const {
  using layers::incompatible;
  const std::string received = ". Full shape received: " + input.to_string();
  if (ndim) layers::check_rank(layer, input, *ndim);
  if (min_ndim) layers::check_min_rank(layer, input, *min_ndim);
  if (max_ndim && input.rank() > *max_ndim)
    throw ValueError(incompatible(layer) + "expected max_ndim=" + std::to_string(*max_ndim) +
                     ", found ndim=" + std::to_string(input.rank()) + received);
  for (const auto& [axis, size] : axes) {
    if (axis >= input.rank() || axis < -input.rank())
      throw ValueError(incompatible(layer) + "expected an axis " + std::to_string(axis) + received);
    layers::check_axis(layer, input, axis, size);
  }
  if (!shape) return;
  Shape wanted = *shape, given = input;
  if (allow_last_axis_squeeze && wanted.rank() != given.rank()) {
    auto squeezed = [](const Shape& x) { return Shape(std::vector<int64_t>(x.begin(), x.end() - 1)); };
    if (given.rank() == wanted.rank() + 1 && given[-1] == 1) given = squeezed(given);
    if (wanted.rank() == given.rank() + 1 && wanted[-1] == 1) wanted = squeezed(wanted);
  }
  bool match = wanted.rank() == given.rank();
  for (int64_t i = 0; match && i < wanted.rank(); ++i) match = wanted[i] < 0 || given[i] < 0 || wanted[i] == given[i];
  if (!match)
    throw ValueError(incompatible(layer) + "expected shape=" + shape->to_string() +
                     ", found shape=" + input.to_string());
}

void InputSpec::check(const Layer& layer, const Tensor& input) const {
  check(layer, input.shape());
  if (dtype && input.dtype() != *dtype)
    throw ValueError(layers::incompatible(layer) + "expected dtype=" + std::string(name_of(*dtype)) +
                     ", found dtype=" + std::string(name_of(input.dtype())));
}

}  // namespace hornbeam
