// The axes of normalizing layers: as options, in configs, and their sizes.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/ops/axes.h>

namespace hornbeam::layers {

// An integer or a list of them.
Axes axes_from(const Config& config);
Config as_list(const Axes& axes);
// One axis as an integer, several as a list.
Config as_given(const Axes& axes);

// Throws ValueError if an axis is not one of the input's.
void check_axes(const Layer& layer, const Axes& axes, const Shape& input);
// The sizes of the axes, in the order in which Keras sorts them; throws ValueError if one is unknown.
Shape sizes_of(const Layer& layer, const Axes& axes, const Shape& input);
// A weight of these sizes for broadcasting with x: 1 along the other axes.
Tensor along(const Tensor& weight, const Axes& axes, const Tensor& x);

}  // namespace hornbeam::layers
