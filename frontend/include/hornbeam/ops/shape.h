// Ops that move or make elements; names and arguments as keras.ops.
#pragma once

#include <hornbeam/ops/axes.h>
#include <hornbeam/settings.h>
#include <hornbeam/tensor.h>

namespace hornbeam::ops {

Tensor reshape(const Tensor& x, const Shape& newshape);  // one axis may be -1
Tensor ravel(const Tensor& x);
Tensor transpose(const Tensor& x, std::vector<int64_t> axes = {});  // reversed if not given
Tensor swapaxes(const Tensor& x, int64_t axis1, int64_t axis2);
Tensor moveaxis(const Tensor& x, int64_t source, int64_t destination);
Tensor expand_dims(const Tensor& x, Axes axis);
Tensor squeeze(const Tensor& x, Axes axis = {});
Tensor broadcast_to(const Tensor& x, const Shape& shape);
Tensor concatenate(const std::vector<Tensor>& xs, int64_t axis = -1);
Tensor stack(const std::vector<Tensor>& xs, int64_t axis = 0);
std::vector<Tensor> split(const Tensor& x, int64_t sections, int64_t axis = 0);
Tensor slice(const Tensor& x, std::vector<int64_t> start, std::vector<int64_t> shape);
// Elements [start, stop) by step along one axis; negative numbers count from the end.
Tensor slice_axis(const Tensor& x, int64_t axis, int64_t start, std::optional<int64_t> stop = {}, int64_t step = 1);
Tensor pad(const Tensor& x, std::vector<std::pair<int64_t, int64_t>> pad_width, const Tensor& constant_values = 0);
Tensor flip(const Tensor& x, Axes axis = {});
Tensor take(const Tensor& x, const Tensor& indices, std::optional<int64_t> axis = {});
Tensor one_hot(const Tensor& x, int64_t num_classes, int64_t axis = -1, DType dtype = config::floatx());

Tensor zeros(const Shape& shape, DType dtype = config::floatx());
Tensor ones(const Shape& shape, DType dtype = config::floatx());
Tensor full(const Shape& shape, const Tensor& fill_value, DType dtype = config::floatx());
Tensor zeros_like(const Tensor& x, DType dtype = DType::invalid);
Tensor ones_like(const Tensor& x, DType dtype = DType::invalid);
Tensor full_like(const Tensor& x, const Tensor& fill_value, DType dtype = DType::invalid);
Tensor arange(int64_t start, int64_t stop, int64_t step = 1, DType dtype = DType::int32);

}  // namespace hornbeam::ops
