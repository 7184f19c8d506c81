// Numbers as a text operation gives them out.
#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include <hornbeam/base/array.h>
#include <hornbeam/runtime/host_graph.h>

namespace hornbeam::runtime::text {

// A number that no mode counts.
inline constexpr int64_t kLeftOut = std::numeric_limits<int64_t>::max();

// Throws ValueError for a mode that is not known, a negative depth, or weights that do not fit.
void check_encoding(const Encoding& encoding);
// Numbers of a shape, by any mode.
Array encode(std::span<const int64_t> numbers, const Shape& shape, const Encoding& encoding);
// Rows of different lengths, [begin[i], begin[i + 1]), as [rows, depth]: "multi_hot", "count" or "tf_idf".
Array encode_rows(std::span<const int64_t> numbers, std::span<const int64_t> begin, const Encoding& encoding);

}  // namespace hornbeam::runtime::text
