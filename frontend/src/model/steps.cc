// The steps that compile's arguments describe: what a model does on one batch unless its class says otherwise.
#include <hornbeam/gradient.h>
#include <hornbeam/model.h>
#include <hornbeam/ops/elementwise.h>

#include "frontend/src/mask.h"
#include "frontend/src/model/model_state.h"

namespace hornbeam {
namespace {

int64_t batch_size(const StepData& data) {
  const Shape& shape = data.x.flat().at(0).shape();
  return shape.empty() ? 1 : shape[0];
}

// What one forward pass gives: the loss, the model's outputs, and each output's loss.
struct Forward {
  Tensor loss;
  Tensors y_pred;
  std::vector<Tensor> output_losses;
};

Forward run_forward(Model& model, Training& training, const StepData& data, bool is_training) {
  Forward out;
  out.y_pred = model(data.x, {.training = is_training});
  training.take_output_losses();  // none are left of a trace that failed
  out.loss = ops::cast(model.compute_loss(data.x, data.y, out.y_pred, data.sample_weight), DType::float32);
  out.output_losses = training.take_output_losses();
  return out;
}

}  // namespace

StepLogs Model::train_step(const StepData& data) {
  Training& training = *model_state_->training;
  const Optimizer& used = optimizer();
  Forward out;
  Gradient gradient = value_and_grad(
      [&] {
        out = run_forward(*this, training, data, true);
        return used->scale_loss(out.loss);
      },
      used->trainable_variables());
  used->apply(gradient.grads);
  training.update_losses(out.loss, out.output_losses, batch_size(data));
  compute_metrics(data.x, data.y, out.y_pred, data.sample_weight);
  return get_metrics_result();
}

StepLogs Model::test_step(const StepData& data) {
  Training& training = *model_state_->training;
  Forward out = run_forward(*this, training, data, false);
  training.update_losses(out.loss, out.output_losses, batch_size(data));
  compute_metrics(data.x, data.y, out.y_pred, data.sample_weight);
  return get_metrics_result();
}

Tensors Model::predict_step(const StepData& data) { return (*this)(data.x, {.training = false}); }

void Model::update_loss_tracker(const Tensor& loss, const StepData& data) {
  if (!model_state_->training)
    throw ValueError("update_loss_tracker: the model '" + name() + "' is not being trained or tested.");
  model_state_->training->update_losses(ops::cast(loss, DType::float32), {}, batch_size(data));
}

void Model::track_optimizer(Optimizer optimizer) { model_state_->optimizers.push_back(std::move(optimizer)); }

const std::vector<Optimizer>& Model::tracked_optimizers() const { return model_state_->optimizers; }

}  // namespace hornbeam
