// A tensor: concrete (an Array), symbolic (a shape with unknown axes and its place in a layer graph), a variable's value,
// or traced (a value of the program being built). All ops take all of them; a tensor is a cheap handle.
#pragma once

#include <memory>
#include <type_traits>

#include <hornbeam/base/array.h>
#include <hornbeam/base/dtype.h>
#include <hornbeam/base/shape.h>
#include <hornbeam/tree.h>

namespace hornbeam {

struct TensorImpl;  // frontend/src/tensor_impl.h

class Tensor {
 public:
  Tensor() = default;                    // no tensor: an argument that was not given
  Tensor(Array value);                   // concrete
  // A scalar as Python's: it takes on the dtype of the tensor it meets ("weak"), else bool, int32 or float32.
  template <class T>
    requires std::is_arithmetic_v<T>
  Tensor(T value) : Tensor(scalar(value)) {}
  explicit Tensor(std::shared_ptr<const TensorImpl> impl) : impl_(std::move(impl)) {}

  bool valid() const { return impl_ != nullptr; }
  explicit operator bool() const { return valid(); }
  DType dtype() const;
  const Shape& shape() const;
  int64_t rank() const { return shape().rank(); }
  bool is_concrete() const;              // an Array, or a variable outside a trace
  bool is_symbolic() const;

  // The elements of a concrete tensor. Throws ValueError for a symbolic or traced one.
  Array array() const;
  // The name of a symbolic tensor ("keras_tensor_3", or an Input's name).
  std::string name() const;

  const std::shared_ptr<const TensorImpl>& impl() const { return impl_; }
  friend bool same(const Tensor& a, const Tensor& b) { return a.impl_ == b.impl_; }

 private:
  static Tensor scalar(bool value);
  static Tensor scalar(int64_t value);
  static Tensor scalar(double value);
  template <class T>
  static Tensor scalar(T value) {
    if constexpr (std::is_floating_point_v<T>) return scalar(static_cast<double>(value));
    else return scalar(static_cast<int64_t>(value));
  }

  std::shared_ptr<const TensorImpl> impl_;
};

using Tensors = Tree<Tensor>;

Tensor operator+(const Tensor& x1, const Tensor& x2);
Tensor operator-(const Tensor& x1, const Tensor& x2);
Tensor operator*(const Tensor& x1, const Tensor& x2);
Tensor operator/(const Tensor& x1, const Tensor& x2);
Tensor operator-(const Tensor& x);

// The dtype that Keras gives to a mix of dtypes (keras.backend.result_type); weak scalars count as the weakest of their kind.
DType result_type(std::initializer_list<Tensor> tensors);
DType result_type(DType a, DType b);

}  // namespace hornbeam
