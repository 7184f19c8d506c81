// Tensor handles, their operators, and Keras' dtype promotion.
#include "frontend/src/tensor_impl.h"

#include <hornbeam/ops/elementwise.h>

namespace hornbeam {
namespace {

const TensorImpl& checked(const std::shared_ptr<const TensorImpl>& impl) {
  if (!impl) throw ValueError("A tensor was expected. Received: none");
  return *impl;
}

Tensor weak_scalar(Array value) {
  TensorImpl impl;
  impl.dtype = value.dtype();
  impl.weak = value.dtype() != DType::boolean;
  impl.array = std::move(value);
  return make_tensor(std::move(impl));
}

int bits(DType dtype) { return static_cast<int>(size_of(dtype)) * 8; }

DType join_integers(DType a, DType b) {
  if (is_signed_integer(a) == is_signed_integer(b)) return bits(a) >= bits(b) ? a : b;
  DType s = is_signed_integer(a) ? a : b;
  DType u = is_signed_integer(a) ? b : a;
  if (bits(s) > bits(u)) return s;
  switch (u) {
    case DType::uint8:
      return DType::int16;
    case DType::uint16:
      return DType::int32;
    case DType::uint32:
      return DType::int64;
    default:
      return config::floatx();  // no integer holds both
  }
}

}  // namespace

Tensor::Tensor(Array value) {
  if (!value.valid()) return;
  TensorImpl impl;
  impl.dtype = value.dtype();
  impl.shape = value.shape();
  impl.array = std::move(value);
  impl_ = std::make_shared<const TensorImpl>(std::move(impl));
}

Tensor Tensor::scalar(bool value) { return weak_scalar(Array::scalar(value)); }
Tensor Tensor::scalar(int64_t value) {
  if (value >= INT32_MIN && value <= INT32_MAX) return weak_scalar(Array::scalar(static_cast<int32_t>(value)));
  return weak_scalar(Array::scalar(value));
}
Tensor Tensor::scalar(double value) {
  // Kept in float64 so that a float64 tensor meets the exact number; `dtype` is floatx all the same.
  Tensor tensor = weak_scalar(Array::scalar(value));
  TensorImpl impl = *tensor.impl();
  impl.dtype = config::floatx();
  return make_tensor(std::move(impl));
}

DType Tensor::dtype() const { return checked(impl_).dtype; }
const Shape& Tensor::shape() const { return checked(impl_).shape; }
bool Tensor::is_concrete() const {
  auto kind = checked(impl_).kind;
  return kind == TensorImpl::Kind::concrete || kind == TensorImpl::Kind::variable;
}
bool Tensor::is_symbolic() const { return checked(impl_).kind == TensorImpl::Kind::symbolic; }

Array Tensor::array() const {
  const TensorImpl& impl = checked(impl_);
  if (impl.kind == TensorImpl::Kind::concrete) return impl.array.cast(impl.dtype);
  if (impl.kind == TensorImpl::Kind::variable) return impl.var->value();
  throw ValueError("Only a concrete tensor has elements. Received: a " +
                   std::string(impl.kind == TensorImpl::Kind::symbolic ? "symbolic" : "traced") + " tensor of shape " +
                   impl.shape.to_string());
}

std::string Tensor::name() const { return checked(impl_).name; }

Tensor operator+(const Tensor& x1, const Tensor& x2) { return ops::add(x1, x2); }
Tensor operator-(const Tensor& x1, const Tensor& x2) { return ops::subtract(x1, x2); }
Tensor operator*(const Tensor& x1, const Tensor& x2) { return ops::multiply(x1, x2); }
Tensor operator/(const Tensor& x1, const Tensor& x2) { return ops::divide(x1, x2); }
Tensor operator-(const Tensor& x) { return ops::negative(x); }

DType result_type(DType a, DType b) {
  if (a == DType::string || b == DType::string)
    throw TypeError("A string tensor takes no part in arithmetic. Received: dtypes " + std::string(name_of(a)) +
                    " and " + std::string(name_of(b)));
  if (a == b) return a;
  if (a == DType::boolean) return b;
  if (b == DType::boolean) return a;
  if (is_integer(a) && is_integer(b)) return join_integers(a, b);
  if (is_integer(a)) return b;
  if (is_integer(b)) return a;
  if (bits(a) == bits(b)) return DType::float32;  // float16 and bfloat16
  return bits(a) > bits(b) ? a : b;
}

DType result_type(std::initializer_list<Tensor> tensors) {
  DType strong = DType::invalid;
  bool weak_int = false, weak_float = false;
  for (const Tensor& tensor : tensors) {
    const TensorImpl& impl = checked(tensor.impl());
    if (impl.weak)
      (is_float(impl.dtype) ? weak_float : weak_int) = true;
    else
      strong = strong == DType::invalid ? impl.dtype : result_type(strong, impl.dtype);
  }
  if (strong == DType::invalid) return weak_float ? config::floatx() : DType::int32;
  if (weak_float && !is_float(strong)) return config::floatx();
  if (weak_int && strong == DType::boolean) return DType::int32;
  return strong;
}

}  // namespace hornbeam
