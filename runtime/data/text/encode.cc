#include "runtime/data/text/encode.h"

#include <algorithm>

namespace hornbeam::runtime::text {
namespace {

// Encoded values are counted in one of two types and then cast.
template <class F>
Array counted(Shape shape, const Encoding& encoding, F count) {
  const bool whole = is_integer(encoding.dtype) && encoding.mode != "tf_idf";
  Array out(whole ? DType::int64 : DType::float32, std::move(shape));
  if (whole) count(out.mutable_as<int64_t>());
  else count(out.mutable_as<float>());
  return out.cast(encoding.dtype);
}

// Adds one number to the `depth` values at `out`.
template <class T>
void add(std::span<T> out, int64_t number, const Encoding& encoding) {
  if (number < 0 || number >= encoding.depth) return;
  T& value = out[static_cast<size_t>(number)];
  value = encoding.mode == "multi_hot" || encoding.mode == "one_hot" ? T(1) : value + T(1);
}

template <class T>
void weigh(std::span<T> out, const Encoding& encoding) {
  if (encoding.mode != "tf_idf") return;
  for (size_t i = 0; i < out.size(); ++i) out[i] *= static_cast<T>(encoding.weights[i % encoding.weights.size()]);
}

}  // namespace

void check_encoding(const Encoding& encoding) {
  static constexpr std::string_view kModes[] = {"int", "one_hot", "multi_hot", "count", "tf_idf"};
  if (std::find(std::begin(kModes), std::end(kModes), encoding.mode) == std::end(kModes))
    throw ValueError("A text operation has the output mode '" + encoding.mode + "', which is not known.");
  if (encoding.mode != "int" && encoding.depth <= 0)
    throw ValueError("A text operation has the depth " + std::to_string(encoding.depth) + "; it must be positive.");
  if (encoding.mode == "tf_idf" && encoding.weights.size() != static_cast<size_t>(encoding.depth))
    throw ValueError("A text operation has " + std::to_string(encoding.weights.size()) + " weights for a depth of " +
                     std::to_string(encoding.depth) + ".");
  if (size_of(encoding.dtype) == 0) throw ValueError("A text operation gives out numbers. Received: dtype=string");
}

Array encode(std::span<const int64_t> numbers, const Shape& shape, const Encoding& encoding) {
  if (encoding.mode == "int") return Array::of<int64_t>(shape, numbers).cast(encoding.dtype);
  Shape in = shape.empty() ? Shape{1} : shape;
  const auto depth = static_cast<size_t>(encoding.depth);
  if (encoding.mode == "one_hot") {
    std::vector<int64_t> dims = in.dims();
    if (dims.size() > 1 && dims.back() == 1) dims.pop_back();
    dims.push_back(encoding.depth);
    return counted(Shape(dims), encoding, [&](auto out) {
      for (size_t i = 0; i < numbers.size(); ++i) add(out.subspan(i * depth, depth), numbers[i], encoding);
    });
  }
  // [outer, axis, inner] → [outer, inner, depth].
  const bool vector = in.rank() == 1;
  const int64_t outer = vector ? 1 : in[0], length = vector ? in[0] : in[1];
  int64_t inner = 1;
  std::vector<int64_t> dims;
  if (!vector) dims.push_back(outer);
  for (int64_t i = 2; i < in.rank(); ++i) {
    dims.push_back(in[i]);
    inner *= in[i];
  }
  dims.push_back(encoding.depth);
  return counted(Shape(dims), encoding, [&](auto out) {
    for (int64_t row = 0; row < outer; ++row)
      for (int64_t i = 0; i < length; ++i)
        for (int64_t k = 0; k < inner; ++k)
          add(out.subspan(static_cast<size_t>(row * inner + k) * depth, depth),
              numbers[static_cast<size_t>((row * length + i) * inner + k)], encoding);
    weigh(out, encoding);
  });
}

Array encode_rows(std::span<const int64_t> numbers, std::span<const int64_t> begin, const Encoding& encoding) {
  const size_t rows = begin.size() - 1;
  const auto depth = static_cast<size_t>(encoding.depth);
  return counted({static_cast<int64_t>(rows), encoding.depth}, encoding, [&](auto out) {
    for (size_t row = 0; row < rows; ++row)
      for (auto i = static_cast<size_t>(begin[row]); i < static_cast<size_t>(begin[row + 1]); ++i)
        add(out.subspan(row * depth, depth), numbers[i], encoding);
    weigh(out, encoding);
  });
}

}  // namespace hornbeam::runtime::text
