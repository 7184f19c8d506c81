// LossFunctionWrapper: a loss from any function.
#pragma once

#include <hornbeam/loss.h>

#include <functional>

namespace hornbeam::losses {

struct LossFunctionWrapperOptions {
  std::string reduction = "sum_over_batch_size";
  std::string name = "loss_function_wrapper";
  DTypePolicy dtype = {};
};

// fn(y_true, y_pred), which gives a value a sample (or more), as a loss: LossFunctionWrapper(my_loss). A function has
// no name to be loaded by; for a model that is to be saved with its loss, derive from Loss and register the class.
class LossFunctionWrapper : public Loss {
 public:
  using Function = std::function<Tensor(const Tensor& y_true, const Tensor& y_pred)>;

  explicit LossFunctionWrapper(Function fn, LossFunctionWrapperOptions options = {})
      : Loss(options.name, options.reduction, options.dtype), fn_(std::move(fn)) {}
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override { return fn_(y_true, y_pred); }

 private:
  Function fn_;
};

}  // namespace hornbeam::losses
