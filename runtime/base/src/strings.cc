#include <hornbeam/base/strings.h>

namespace hornbeam {
namespace {

void check_strings(const Array& array) {
  if (array.dtype() != DType::string)
    throw TypeError("An array of strings was expected. Received: an array of " + std::string(name_of(array.dtype())) +
                    " of shape " + array.shape().to_string());
}

}  // namespace

Array strings(std::vector<std::string> values) {
  Shape shape{static_cast<int64_t>(values.size())};
  return strings(std::move(shape), std::move(values));
}

Array strings(Shape shape, std::vector<std::string> values) {
  if (!shape.is_static() || shape.num_elements() != static_cast<int64_t>(values.size()))
    throw ValueError("An array of shape " + shape.to_string() + " does not have " + std::to_string(values.size()) +
                     " elements.");
  auto owner = std::make_shared<const std::vector<std::string>>(std::move(values));
  return Array::share(DType::string, std::move(shape), owner->data(), owner);
}

std::span<const std::string> strings_of(const Array& array) {
  check_strings(array);
  return {static_cast<const std::string*>(array.data()), static_cast<size_t>(array.num_elements())};
}

std::span<std::string> mutable_strings_of(Array& array) {
  check_strings(array);
  return {static_cast<std::string*>(array.mutable_data()), static_cast<size_t>(array.num_elements())};
}

}  // namespace hornbeam
