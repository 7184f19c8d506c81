#include <hornbeam/base/shape.h>

#include <limits>

namespace hornbeam {

bool Shape::is_static() const {
  for (int64_t dim : dims_)
    if (dim < 0) return false;
  return true;
}

int64_t Shape::num_elements() const {
  int64_t n = 1;
  bool empty = false;
  for (int64_t dim : dims_) {
    if (dim < 0) return kUnknown;
    empty = empty || dim == 0;
    // More than fit is as many as can be: no array of that shape can be had.
    if (__builtin_mul_overflow(n, dim, &n)) n = std::numeric_limits<int64_t>::max();
  }
  return empty ? 0 : n;
}

std::string Shape::to_string() const {
  std::string out = "(";
  for (size_t i = 0; i < dims_.size(); ++i) {
    if (i) out += ", ";
    out += dims_[i] < 0 ? "None" : std::to_string(dims_[i]);
  }
  return out + (dims_.size() == 1 ? ",)" : ")");
}

}  // namespace hornbeam
