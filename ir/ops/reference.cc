// Plain loops over host arrays, for evaluate.
#include "ir/ops/reference.h"

#include <cstring>

namespace hornbeam::horn {

std::vector<int64_t> strides_of(const Shape& shape) {
  std::vector<int64_t> strides(shape.size(), 1);
  for (int64_t axis = shape.rank() - 2; axis >= 0; --axis) strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

int64_t flat(const std::vector<int64_t>& index, const Shape& shape) {
  int64_t place = 0;
  for (int64_t axis = 0; axis < shape.rank(); ++axis) place = place * shape[axis] + index[axis];
  return place;
}

void copy_element(Array& to, int64_t at, const Array& from, int64_t from_at) {
  size_t size = size_of(to.dtype());
  std::memcpy(static_cast<char*>(to.mutable_data()) + at * size, static_cast<const char*>(from.data()) + from_at * size,
              size);
}

}  // namespace hornbeam::horn
