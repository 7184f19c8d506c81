// The memory that a file's variables may take.
#include "frontend/src/saving/loading_scope.h"

#include <hornbeam/base/error.h>

#include "frontend/src/saving/printable.h"

namespace hornbeam::saving {

thread_local LoadingScope* LoadingScope::current_ = nullptr;

void LoadingScope::take(const std::string& name, DType dtype, const Shape& shape) {
  uint64_t bytes = size_of(dtype);
  for (int64_t dim : shape)
    if (dim < 0 || __builtin_mul_overflow(bytes, static_cast<uint64_t>(dim), &bytes)) bytes = UINT64_MAX;
  if (bytes > left_)
    throw IOError("the config asks for variable '" + printable(name) + "' of shape " + shape.to_string() +
                  ", which is more than the weights file holds");
  left_ -= bytes;
}

}  // namespace hornbeam::saving
