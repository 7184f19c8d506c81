// Ones.
#include <hornbeam/initializers/ones.h>

#include "frontend/src/initializers/filled.h"

namespace hornbeam::initializers {

static const Register<Ones> registered{"Ones", "keras.initializers", {"one"}};

Array Ones::call(const Shape& shape, DType dtype) const {
  return filled(shape, dtype, [](int64_t) { return 1.0; });
}

}  // namespace hornbeam::initializers
