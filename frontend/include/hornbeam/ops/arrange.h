// Ops that repeat, roll, join, cut and pick elements; names and arguments as keras.ops. The basic ones are in shape.h.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <hornbeam/ops/axes.h>
#include <hornbeam/settings.h>
#include <hornbeam/tensor.h>

namespace hornbeam::ops {

Tensor tile(const Tensor& x, std::vector<int64_t> repeats);
// Every element `repeats` times, or element i of the axis repeats[i] times; of the flat tensor without an axis.
Tensor repeat(const Tensor& x, int64_t repeats, std::optional<int64_t> axis = {});
Tensor repeat(const Tensor& x, std::vector<int64_t> repeats, std::optional<int64_t> axis = {});
// Elements that leave at one end come in at the other. One shift for all axes, or one each.
Tensor roll(const Tensor& x, std::vector<int64_t> shift, Axes axis = {});
Tensor rot90(const Tensor& x, int64_t k = 1, std::pair<int64_t, int64_t> axes = {0, 1});
Tensor fliplr(const Tensor& x);
Tensor flipud(const Tensor& x);

Tensor append(const Tensor& x1, const Tensor& x2, std::optional<int64_t> axis = {});
Tensor hstack(const std::vector<Tensor>& xs);
Tensor vstack(const std::vector<Tensor>& xs);
Tensor dstack(const std::vector<Tensor>& xs);
std::vector<Tensor> unstack(const Tensor& x, std::optional<int64_t> num = {}, int64_t axis = 0);
// Cuts before each of `indices`.
std::vector<Tensor> split(const Tensor& x, std::vector<int64_t> indices, int64_t axis = 0);
// Sections of nearly equal size: the first ones are longer by one.
std::vector<Tensor> array_split(const Tensor& x, int64_t sections, int64_t axis = 0);
std::vector<Tensor> hsplit(const Tensor& x, int64_t sections);
std::vector<Tensor> vsplit(const Tensor& x, int64_t sections);
std::vector<Tensor> dsplit(const Tensor& x, int64_t sections);
std::vector<Tensor> hsplit(const Tensor& x, std::vector<int64_t> indices);
std::vector<Tensor> vsplit(const Tensor& x, std::vector<int64_t> indices);
std::vector<Tensor> dsplit(const Tensor& x, std::vector<int64_t> indices);

Tensor moveaxis(const Tensor& x, std::vector<int64_t> source, std::vector<int64_t> destination);
// mode "constant", "reflect" (without the edge), "symmetric" (with it), "edge" or "wrap".
Tensor pad(const Tensor& x, std::vector<std::pair<int64_t, int64_t>> pad_width, const std::string& mode,
           const Tensor& constant_values = 0);
// The same widths at both ends of every axis.
Tensor pad(const Tensor& x, int64_t pad_width, const std::string& mode = "constant", const Tensor& constant_values = 0);

// A matrix from a vector, or a vector from a matrix: diagonal k.
Tensor diag(const Tensor& x, int64_t k = 0);
Tensor diagflat(const Tensor& x, int64_t k = 0);
Tensor diagonal(const Tensor& x, int64_t offset = 0, int64_t axis1 = 0, int64_t axis2 = 1);
Tensor trace(const Tensor& x, int64_t offset = 0, int64_t axis1 = 0, int64_t axis2 = 1);
Tensor tril(const Tensor& x, int64_t k = 0);
Tensor triu(const Tensor& x, int64_t k = 0);

// x[i][j] with j from indices[i][…]: index axes other than `axis` go along with x's (or broadcast).
Tensor take_along_axis(const Tensor& x, const Tensor& indices, std::optional<int64_t> axis = {});
std::vector<Tensor> unravel_index(const Tensor& indices, const Shape& shape);

// One entry of x[…] in Python: a number, Slice, kEllipsis, kNewAxis, or a tensor of whole numbers.
struct Slice {
  std::optional<int64_t> start, stop, step;
};
struct Ellipsis {};
struct NewAxis {};
inline constexpr Ellipsis kEllipsis{};
inline constexpr NewAxis kNewAxis{};
using Index = std::variant<int64_t, Slice, Ellipsis, NewAxis, Tensor>;
// Several tensors of integers are broadcast and taken together, as in NumPy.
Tensor get_item(const Tensor& x, const std::vector<Index>& key);

Tensor depth_to_space(const Tensor& x, int64_t block_size,
                      const std::string& data_format = config::image_data_format());
Tensor space_to_depth(const Tensor& x, int64_t block_size,
                      const std::string& data_format = config::image_data_format());
// Moves, splits and joins axes by name: rearrange(x, "b (h w) c -> b h w c", {{"h", 3}}).
Tensor rearrange(const Tensor& x, const std::string& pattern,
                 const std::vector<std::pair<std::string, int64_t>>& axes_lengths = {});
// Windows of `sequence_length` along the last axis, `sequence_stride` apart: [..., T] → [..., count, sequence_length].
Tensor extract_sequences(const Tensor& x, int64_t sequence_length, int64_t sequence_stride);

}  // namespace hornbeam::ops
