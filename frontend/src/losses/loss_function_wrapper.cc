#include <hornbeam/losses/loss_function_wrapper.h>

namespace hornbeam::losses {

std::shared_ptr<Loss> Loss::from_function(std::function<Tensor(const Tensor& y_true, const Tensor& y_pred)> fn) {
  return std::make_shared<LossFunctionWrapper>(std::move(fn));
}

}  // namespace hornbeam::losses
