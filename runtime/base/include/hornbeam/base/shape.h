// A tensor's shape. An axis may be unknown (kUnknown, printed as None), as the batch axis is before a program is compiled.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace hornbeam {

inline constexpr int64_t kUnknown = -1;

class Shape {
 public:
  Shape() = default;
  Shape(std::initializer_list<int64_t> dims) : dims_(dims) {}
  explicit Shape(std::vector<int64_t> dims) : dims_(std::move(dims)) {}

  int64_t rank() const { return static_cast<int64_t>(dims_.size()); }
  bool empty() const { return dims_.empty(); }
  size_t size() const { return dims_.size(); }
  // A negative index counts from the end, as in Python.
  int64_t operator[](int64_t axis) const { return dims_[axis < 0 ? axis + rank() : axis]; }
  int64_t& operator[](int64_t axis) { return dims_[axis < 0 ? axis + rank() : axis]; }
  auto begin() const { return dims_.begin(); }
  auto end() const { return dims_.end(); }
  void push_back(int64_t dim) { dims_.push_back(dim); }
  const std::vector<int64_t>& dims() const { return dims_; }

  bool is_static() const;
  // Product of the axes; kUnknown where one is unknown. 1 for a scalar.
  int64_t num_elements() const;
  // "(None, 28, 28)", "(10,)", "()": Python's spelling, which Keras' messages use.
  std::string to_string() const;

  friend bool operator==(const Shape&, const Shape&) = default;

 private:
  std::vector<int64_t> dims_;
};

}  // namespace hornbeam
