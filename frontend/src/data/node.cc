#include "frontend/src/data/node.h"

#include <algorithm>
#include <cstring>

#include <hornbeam/base/philox.h>
#include <hornbeam/base/strings.h>

namespace hornbeam::data {
namespace {

Shape row_shape(const Array& array) {
  return Shape(std::vector<int64_t>(array.shape().begin() + 1, array.shape().end()));
}

void describe(const char* name, const Arrays& arrays, std::string& text) {
  for (size_t i = 0; i < arrays.size(); ++i) {
    text += (text.empty() ? "" : ", ") + std::string(name);
    if (arrays.is_map()) text += "['" + arrays.keys()[i] + "']";
    else if (arrays.size() > 1) text += "[" + std::to_string(i) + "]";
    text += " of shape " + arrays[i].shape().to_string() + " " + std::string(name_of(arrays[i].dtype()));
  }
}

}  // namespace

void copy_elements(const Array& from, int64_t from_at, Array& to, int64_t to_at, int64_t count) {
  if (from.dtype() == DType::string) {
    auto texts = strings_of(from).subspan(static_cast<size_t>(from_at), static_cast<size_t>(count));
    std::copy(texts.begin(), texts.end(), mutable_strings_of(to).begin() + to_at);
    return;
  }
  const size_t size = size_of(from.dtype());
  if (count > 0)
    std::memcpy(static_cast<char*>(to.mutable_data()) + static_cast<size_t>(to_at) * size,
                static_cast<const char*>(from.data()) + static_cast<size_t>(from_at) * size,
                static_cast<size_t>(count) * size);
}

Array gather_rows(const Array& array, const int64_t* rows, int64_t count) {
  Shape shape = array.shape();
  shape[0] = count;
  Array out(array.dtype(), shape);
  const int64_t width = row_shape(array).num_elements();
  for (int64_t i = 0; i < count; ++i) copy_elements(array, rows[i] * width, out, i * width, width);
  return out;
}

Array copy_row(const Array& array, int64_t row) {
  Array out(array.dtype(), row_shape(array));
  copy_elements(array, row * out.num_elements(), out, 0, out.num_elements());
  return out;
}

const Element& Item::element() {
  if (!base_) {
    if (!body_) body_ = std::make_shared<Body>();
    return body_->element;
  }
  Element copied;
  if (body_)
    copied = map_arrays(*base_, [&](const Array& array) {
      return gather_rows(array, body_->rows.data(), static_cast<int64_t>(body_->rows.size()));
    });
  else
    copied = map_arrays(*base_, [&](const Array& array) { return copy_row(array, row_); });
  *this = Item(std::move(copied));
  return body_->element;
}

std::vector<Array> arrays_of(const Element& element) {
  std::vector<Array> all = element.x.flat();
  all.insert(all.end(), element.y.begin(), element.y.end());
  all.insert(all.end(), element.sample_weight.begin(), element.sample_weight.end());
  return all;
}

std::string describe(const Element& element) {
  std::string text;
  describe("x", element.x, text);
  describe("y", element.y, text);
  describe("sample_weight", element.sample_weight, text);
  return text.empty() ? "nothing" : text;
}

uint64_t mix_seed(uint64_t seed, uint64_t a, uint64_t b) {
  auto words = philox4x32({static_cast<uint32_t>(a), static_cast<uint32_t>(a >> 32), static_cast<uint32_t>(b),
                           static_cast<uint32_t>(b >> 32)},
                          {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)});
  return words[0] | uint64_t{words[1]} << 32;
}

}  // namespace hornbeam::data
