// The name that stands for a loss until the labels are seen.
#include "frontend/src/losses/crossentropy.h"

#include "frontend/src/losses/resolve.h"

namespace hornbeam::losses {

static const Register<Crossentropy> registered{"crossentropy", "keras.losses", {"ce", "CE"}};

namespace {

bool is_unresolved(const hornbeam::Loss& loss) {
  return dynamic_cast<const Crossentropy*>(loss.object().get()) != nullptr;
}

}  // namespace

Tensor Crossentropy::call(const Tensor& y_true, const Tensor& y_pred) const {
  return resolve(name(), y_true.shape(), y_pred.shape())->call(y_true, y_pred);
}

Config compile_config_of(const hornbeam::Loss& loss) {
  return is_unresolved(loss) ? Config(loss->name()) : loss.config();
}

hornbeam::Loss resolved(const hornbeam::Loss& loss, const Shape& y_true, const Shape& y_pred) {
  return is_unresolved(loss) ? resolve(loss->name(), y_true, y_pred) : loss;
}

}  // namespace hornbeam::losses
