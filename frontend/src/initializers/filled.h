// Fills an array element by element; the loop of every initializer.
#pragma once

#include <hornbeam/base/array.h>

namespace hornbeam::initializers {

// Element i is value_at(i), in float32 (which any float dtype but float64 rounds from), or in double for the others.
template <class F>
Array filled(const Shape& shape, DType dtype, F value_at) {
  if (dtype == DType::float32) {
    Array array(dtype, shape);
    auto elements = array.mutable_as<float>();
    for (size_t i = 0; i < elements.size(); ++i) elements[i] = static_cast<float>(value_at(static_cast<int64_t>(i)));
    return array;
  }
  Array array(dtype, shape);
  for (int64_t i = 0; i < array.num_elements(); ++i) array.set(i, value_at(i));
  return array;
}

}  // namespace hornbeam::initializers
