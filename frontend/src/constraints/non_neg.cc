// NonNeg.
#include <hornbeam/constraints/non_neg.h>
#include <hornbeam/ops.h>

namespace hornbeam::constraints {

static const Register<NonNeg> registered{"NonNeg", "keras.constraints"};

Tensor NonNeg::call(const Tensor& w) const { return ops::maximum(w, 0); }

}  // namespace hornbeam::constraints
