#include <hornbeam/base/array.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>

#include <hornbeam/base/strings.h>

#include "runtime/base/src/memory.h"

namespace hornbeam {
namespace {

constexpr size_t kAlignment = 64;

// What one element takes in memory; of a string without its characters.
size_t element_bytes(DType dtype) { return dtype == DType::string ? sizeof(std::string) : size_of(dtype); }

size_t checked_bytes(DType dtype, const Shape& shape) {
  if (!shape.is_static()) throw ValueError("An array needs a static shape. Received: shape=" + shape.to_string());
  size_t bytes = element_bytes(dtype);
  for (int64_t dim : shape)
    if (__builtin_mul_overflow(bytes, static_cast<size_t>(dim), &bytes))
      throw ValueError("An array of shape " + shape.to_string() + " does not fit in memory.");
  return bytes;
}

// Calls f with a typed pointer; half types come as uint16_t* with their dtype.
template <typename F>
auto dispatch(DType dtype, const void* data, F f) {
  switch (dtype) {
    case DType::boolean: return f(static_cast<const bool*>(data));
    case DType::int8: return f(static_cast<const int8_t*>(data));
    case DType::int16: return f(static_cast<const int16_t*>(data));
    case DType::int32: return f(static_cast<const int32_t*>(data));
    case DType::int64: return f(static_cast<const int64_t*>(data));
    case DType::uint8: return f(static_cast<const uint8_t*>(data));
    case DType::uint16: return f(static_cast<const uint16_t*>(data));
    case DType::uint32: return f(static_cast<const uint32_t*>(data));
    case DType::uint64: return f(static_cast<const uint64_t*>(data));
    case DType::float32: return f(static_cast<const float*>(data));
    case DType::float64: return f(static_cast<const double*>(data));
    default: throw TypeError("No element access for dtype " + std::string(name_of(dtype)));
  }
}

// The order of conversion in NumPy for floats that an integer cannot hold is undefined; saturating is a value all the
// same.
int64_t to_int(double value) {
  if (std::isnan(value)) return 0;
  if (value >= 9.2233720368547758e18) return INT64_MAX;
  if (value <= -9.2233720368547758e18) return INT64_MIN;
  return static_cast<int64_t>(value);
}

}  // namespace

Array::Array(DType dtype, Shape shape) : dtype_(dtype), shape_(std::move(shape)) {
  size_t bytes = checked_bytes(dtype, shape_);
  if (dtype == DType::string && bytes <= memory_limit()) {
    *this = strings(shape_, std::vector<std::string>(static_cast<size_t>(shape_.num_elements())));
    return;
  }
  // calloc takes large blocks straight from the kernel, zeroed and not yet in memory: what is never written costs
  // nothing.
  void* block = bytes > memory_limit() ? nullptr : std::calloc(1, std::max<size_t>(bytes, 1) + kAlignment);
  if (!block)
    throw ValueError("No memory for an array of shape " + shape_.to_string() + " (" + std::to_string(bytes) +
                     " bytes).");
  data_ = reinterpret_cast<void*>((reinterpret_cast<uintptr_t>(block) + kAlignment - 1) & ~(kAlignment - 1));
  owner_ = std::shared_ptr<const void>(data_, [block](const void*) { std::free(block); });
}

Array Array::borrow(DType dtype, Shape shape, const void* data) {
  return share(dtype, std::move(shape), data, nullptr);
}

Array Array::share(DType dtype, Shape shape, const void* data, std::shared_ptr<const void> owner) {
  checked_bytes(dtype, shape);
  Array array;
  array.dtype_ = dtype;
  array.shape_ = std::move(shape);
  array.data_ = data;
  array.owner_ = std::move(owner);
  return array;
}

void Array::check_type(DType asked) const {
  if (asked != dtype_)
    throw TypeError("The array holds " + std::string(name_of(dtype_)) + ". Received: a request for " +
                    std::string(name_of(asked)));
}

Array Array::clone() const {
  if (dtype_ == DType::string) {
    auto values = strings_of(*this);
    return strings(shape_, {values.begin(), values.end()});
  }
  Array copy(dtype_, shape_);
  std::memcpy(copy.mutable_data(), data_, bytes());
  return copy;
}

Array Array::reshaped(Shape shape) const {
  if (shape.num_elements() != num_elements())
    throw ValueError("Cannot reshape an array of shape " + shape_.to_string() + " into " + shape.to_string());
  Array other = *this;
  other.shape_ = std::move(shape);
  return other;
}

Array Array::cast(DType dtype) const {
  if (dtype == dtype_) return *this;
  if (dtype == DType::string)
    throw TypeError("Numbers cannot be cast to strings. Received: an array of " + std::string(name_of(dtype_)));
  Array out(dtype, shape_);
  int64_t n = num_elements();
  auto convert = [&]<typename To>(To* to) {
    dispatch(dtype_, data_, [&](auto* from) {
      for (int64_t i = 0; i < n; ++i) to[i] = static_cast<To>(from[i]);
    });
    return out;
  };
  // Whole data sets are cast to float; a typed loop is worth its lines there.
  bool is_half = dtype_ == DType::float16 || dtype_ == DType::bfloat16;
  if (dtype == DType::float32 && !is_half) return convert(static_cast<float*>(out.mutable_data()));
  if (dtype == DType::float64 && !is_half) return convert(static_cast<double*>(out.mutable_data()));
  if (is_float(dtype_) || is_float(dtype)) {
    for (int64_t i = 0; i < n; ++i) out.set(i, get(i));
  } else {
    for (int64_t i = 0; i < n; ++i) out.set_int(i, get_int(i));
  }
  return out;
}

Array Array::rows(int64_t begin, int64_t end) const {
  if (shape_.empty() || begin < 0 || end < begin || end > shape_[0])
    throw ValueError("Rows " + std::to_string(begin) + " to " + std::to_string(end) +
                     " are outside an array of shape " + shape_.to_string());
  Array part = *this;
  part.shape_[0] = end - begin;
  size_t row = shape_[0] ? static_cast<size_t>(num_elements() / shape_[0]) * element_bytes(dtype_) : 0;
  part.data_ = static_cast<const char*>(data_) + static_cast<size_t>(begin) * row;
  return part;
}

double Array::get(int64_t i) const {
  if (dtype_ == DType::float16) return half_to_float(static_cast<const uint16_t*>(data_)[i]);
  if (dtype_ == DType::bfloat16) return bfloat16_to_float(static_cast<const uint16_t*>(data_)[i]);
  return dispatch(dtype_, data_, [i](auto* p) { return static_cast<double>(p[i]); });
}

void Array::set(int64_t i, double value) {
  switch (dtype_) {
    case DType::float16: static_cast<uint16_t*>(mutable_data())[i] = float_to_half(static_cast<float>(value)); return;
    case DType::bfloat16:
      static_cast<uint16_t*>(mutable_data())[i] = float_to_bfloat16(static_cast<float>(value));
      return;
    case DType::float32: static_cast<float*>(mutable_data())[i] = static_cast<float>(value); return;
    case DType::float64: static_cast<double*>(mutable_data())[i] = value; return;
    case DType::boolean: static_cast<bool*>(mutable_data())[i] = value != 0; return;
    default: set_int(i, to_int(value)); return;
  }
}

int64_t Array::get_int(int64_t i) const {
  if (is_float(dtype_)) return to_int(get(i));
  return dispatch(dtype_, data_, [i](auto* p) { return static_cast<int64_t>(p[i]); });
}

void Array::set_int(int64_t i, int64_t value) {
  if (is_float(dtype_)) return set(i, static_cast<double>(value));
  dispatch(dtype_, data_, [i, value](auto* p) {
    using T = std::remove_const_t<std::remove_pointer_t<decltype(p)>>;
    const_cast<T*>(p)[i] = static_cast<T>(value);
  });
}

float bfloat16_to_float(uint16_t bits) { return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16); }

uint16_t float_to_bfloat16(float value) {
  uint32_t bits = std::bit_cast<uint32_t>(value);
  if (std::isnan(value)) return static_cast<uint16_t>((bits >> 16) | 0x40);
  return static_cast<uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

float half_to_float(uint16_t bits) { return static_cast<float>(std::bit_cast<_Float16>(bits)); }
uint16_t float_to_half(float value) { return std::bit_cast<uint16_t>(static_cast<_Float16>(value)); }

}  // namespace hornbeam
