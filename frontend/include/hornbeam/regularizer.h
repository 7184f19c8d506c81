// Regularizers: a penalty on a variable that is added to the loss, written in ops.
#pragma once

#include <hornbeam/registry.h>
#include <hornbeam/tensor.h>

namespace hornbeam {
namespace regularizers {

class Regularizer {
 public:
  using Base = Regularizer;
  static constexpr Kind kKind = Kind::regularizer;
  virtual ~Regularizer() = default;
  virtual Tensor call(const Tensor& x) const = 0;  // a scalar
  virtual Config config() const { return Config::object(); }
};

}  // namespace regularizers

using Regularizer = Handle<regularizers::Regularizer>;

}  // namespace hornbeam
