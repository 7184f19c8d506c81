// erf: an odd polynomial below 1, 1 - e^(-t q(t)) above (coefficients by fit.py); it is 1 from 3.92 on.
#include "codegen/math/functions.h"

namespace hornbeam::codegen {

using mlir::Value;

Value expand_erf(MathEmitter& e, Value x) {
  Value square = e.mul(x, x);
  Value near = e.polynomial(square, {0x1.06eba8p-3f, -0x1.812740p-2f, 0x1.ce2d5p-4f, -0x1.b7fe9p-6f, 0x1.542e1p-8f,
                                     -0x1.a50b0ep-11f, 0x1.4c344ep-14f});
  near = e.fma(near, x, x);
  Value magnitude = e.at_most(e.abs(x), 4.0f);
  Value q = e.polynomial(magnitude, {0x1.20f21cp+0f, 0x1.451acp-1f, 0x1.b4595ep-4f, -0x1.89603cp-6f, 0x1.ec7aa2p-9f,
                                     -0x1.6f93ccp-12f, 0x1.d4588ep-17f});
  Value far = e.sub(e.constant(1.0f), expand_exp(e, e.neg(e.mul(q, magnitude))));
  return e.select(e.less(magnitude, e.constant(1.0f)), near, e.copysign(far, x));
}

}  // namespace hornbeam::codegen
