// Zeros.
#pragma once

#include <hornbeam/initializer.h>

namespace hornbeam::initializers {

// Every element 0.
class Zeros : public Initializer {
 public:
  Array call(const Shape& shape, DType dtype) const override;
  static Zeros from_config(const Config&) { return {}; }
};

}  // namespace hornbeam::initializers
