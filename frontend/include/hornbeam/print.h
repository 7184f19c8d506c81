// Looking at tensors: elements by index, and printing as NumPy prints.
#pragma once

#include <initializer_list>
#include <ostream>
#include <string>
#include <vector>

#include <hornbeam/tensor.h>

namespace hornbeam {

struct PrintOptions {
  int precision = 4;        // digits after the point, as many as are needed
  int64_t threshold = 1000;  // more elements than this are summarized
  int64_t edge_items = 3;   // at each end of an axis where they are
};

// [[ 1.   2.5]
//  [-3.   4. ]]
std::string to_string(const Array& array, const PrintOptions& options = {});
// The elements of a concrete tensor; of another one its shape, dtype and name.
std::string to_string(const Tensor& tensor, const PrintOptions& options = {});
std::ostream& operator<<(std::ostream& stream, const Array& array);
std::ostream& operator<<(std::ostream& stream, const Tensor& tensor);

// One element; negative indices count from the end. Throws ValueError where there is none.
double element(const Tensor& tensor, const std::vector<int64_t>& index);
template <class T>
T item(const Tensor& tensor, std::initializer_list<int64_t> index) {
  return static_cast<T>(element(tensor, index));
}
// The only element. Throws ValueError if there are more.
template <class T>
T item(const Tensor& tensor) {
  Array array = tensor.array();
  if (array.num_elements() != 1)
    throw ValueError("item: the tensor has " + std::to_string(array.num_elements()) +
                     " elements. Give the index of the one that is meant.");
  return static_cast<T>(array.get(0));
}

}  // namespace hornbeam
