// Constraints: what is done to a variable after each optimizer step, written in ops.
#pragma once

#include <hornbeam/registry.h>
#include <hornbeam/tensor.h>

namespace hornbeam {
namespace constraints {

class Constraint {
 public:
  using Base = Constraint;
  static constexpr Kind kKind = Kind::constraint;
  virtual ~Constraint() = default;
  virtual Tensor call(const Tensor& w) const = 0;  // of w's shape
  virtual Config config() const { return Config::object(); }
};

}  // namespace constraints

using Constraint = Handle<constraints::Constraint>;

}  // namespace hornbeam
