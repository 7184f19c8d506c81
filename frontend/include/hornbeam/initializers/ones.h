// Ones.
#pragma once

#include <hornbeam/initializer.h>

namespace hornbeam::initializers {

// Every element 1.
class Ones : public Initializer {
 public:
  Array call(const Shape& shape, DType dtype) const override;
  static Ones from_config(const Config&) { return {}; }
};

}  // namespace hornbeam::initializers
