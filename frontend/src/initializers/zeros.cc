// Zeros.
#include <hornbeam/initializers/zeros.h>

namespace hornbeam::initializers {

static const Register<Zeros> registered{"Zeros", "keras.initializers", {"zero"}};

Array Zeros::call(const Shape& shape, DType dtype) const { return Array(dtype, shape); }

}  // namespace hornbeam::initializers
