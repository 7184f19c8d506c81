// A dense row-major host array: dtype, static shape, and a shared or borrowed buffer. Copies share the buffer.
#pragma once

#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <hornbeam/base/dtype.h>
#include <hornbeam/base/error.h>
#include <hornbeam/base/shape.h>

namespace hornbeam {

class Array {
 public:
  Array() = default;
  // A zeroed array, 64-byte aligned. Throws ValueError if shape is not static, or its bytes overflow or cannot be had.
  Array(DType dtype, Shape shape);

  // Borrows: the caller keeps `data` alive and unchanged while any copy of the array lives.
  static Array borrow(DType dtype, Shape shape, const void* data);
  // Shares ownership through `owner` (a memory map, say).
  static Array share(DType dtype, Shape shape, const void* data, std::shared_ptr<const void> owner);
  template <typename T>
  static Array of(Shape shape, std::span<const T> values) {
    Array array(dtype_of<T>(), std::move(shape));
    if (static_cast<size_t>(array.num_elements()) != values.size())
      throw ValueError("An array of shape " + array.shape().to_string() + " has " + std::to_string(array.num_elements()) +
                       " elements. Received: " + std::to_string(values.size()) + " values");
    if (!values.empty()) std::memcpy(array.mutable_data(), values.data(), values.size_bytes());
    return array;
  }
  template <typename T>
  static Array of(Shape shape, std::initializer_list<T> values) {
    return of<T>(std::move(shape), std::span<const T>(values.begin(), values.size()));
  }
  template <typename T>
  static Array scalar(T value) {
    return of<T>(Shape{}, std::span<const T>(&value, 1));
  }

  bool valid() const { return dtype_ != DType::invalid; }
  DType dtype() const { return dtype_; }
  const Shape& shape() const { return shape_; }
  int64_t num_elements() const { return shape_.num_elements(); }
  size_t bytes() const { return static_cast<size_t>(num_elements()) * size_of(dtype_); }
  const void* data() const { return data_; }
  // Only for an array this code made (not a borrowed one).
  void* mutable_data() { return const_cast<void*>(data_); }

  template <typename T>
  std::span<const T> as() const {
    check_type(dtype_of<T>());
    return {static_cast<const T*>(data_), static_cast<size_t>(num_elements())};
  }
  template <typename T>
  std::span<T> mutable_as() {
    check_type(dtype_of<T>());
    return {static_cast<T*>(mutable_data()), static_cast<size_t>(num_elements())};
  }

  // An own copy of the elements.
  Array clone() const;
  // The same elements under another shape. Throws ValueError if the number of elements differs.
  Array reshaped(Shape shape) const;
  // A new array of another dtype: C++ conversion per element; float to bool is `!= 0`.
  Array cast(DType dtype) const;
  // Rows [begin, end) along axis 0, sharing the buffer.
  Array rows(int64_t begin, int64_t end) const;

  // Element i (row-major) as a double, and set from a double; for code that is not hot (reference, printing).
  double get(int64_t i) const;
  void set(int64_t i, double value);
  // Integer access without the loss of 64-bit values through double.
  int64_t get_int(int64_t i) const;
  void set_int(int64_t i, int64_t value);

 private:
  void check_type(DType asked) const;

  DType dtype_ = DType::invalid;
  Shape shape_;
  const void* data_ = nullptr;
  std::shared_ptr<const void> owner_;
};

// IEEE half and bfloat16 bit patterns, round to nearest even.
float half_to_float(uint16_t bits);
uint16_t float_to_half(float value);
float bfloat16_to_float(uint16_t bits);
uint16_t float_to_bfloat16(float value);

}  // namespace hornbeam
