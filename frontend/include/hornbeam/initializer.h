// Initializers: host functions that make a variable's first value. `Initializer` is what options take: "he_normal",
// initializers::HeNormal({.seed = 7}), or nothing.
#pragma once

#include <hornbeam/base/array.h>
#include <hornbeam/registry.h>

namespace hornbeam {
namespace initializers {

// Derive, override call and config, give a static from_config, and register the class.
class Initializer {
 public:
  using Base = Initializer;
  static constexpr Kind kKind = Kind::initializer;
  virtual ~Initializer() = default;
  // Throws ValueError if the shape does not suit. Random ones use Philox, keyed by their seed (draw_seed() if unset), so
  // that values do not depend on threads or devices.
  virtual Array call(const Shape& shape, DType dtype) const = 0;
  virtual Config config() const { return Config::object(); }
};

}  // namespace initializers

using Initializer = Handle<initializers::Initializer>;

}  // namespace hornbeam
