// A model with a train step of its own: robust regression with a penalty on how fast the output changes, and mixed-up
// pairs of rows. See README.md beside.
#include <cmath>
#include <cstdio>

#include <hornbeam/hornbeam.h>

namespace hb = hornbeam;
namespace ops = hornbeam::ops;

// Trains on mixtures of rows (mixup), keeps the slope of its output in check, and reports what it does.
class SmoothNet : public hb::ModelOf<SmoothNet> {
 public:
  hb::Tensors call(const hb::Tensors& x, const hb::CallArgs& args) override {
    return out_(dropout_(hidden_(x.single()), args));
  }

  hb::StepLogs train_step(const hb::StepData& data) override {
    // Each row is mixed with another one, by a share of its own.
    hb::Tensor x = data.x.single(), y = data.y.single();
    hb::Tensor share = hb::random::uniform({x.shape()[0], 1}, 0.7, 1.0, hb::DType::float32, seed_);
    x = share * x + (1.0 - share) * ops::flip(x, 0);
    y = share * y + (1.0 - share) * ops::flip(y, 0);

    hb::Tensor slope, y_pred;
    hb::Gradient g = hb::value_and_grad(
        [&] {
          y_pred = (*this)(x, {.training = true}).single();
          // The output's derivative by the input, of which the outer gradient takes the derivative by the weights.
          auto output = [&](const std::vector<hb::Tensor>& in) { return ops::sum((*this)(in[0]).single()); };
          slope = ops::mean(ops::square(hb::grad(output, {x})[0]));
          return compute_loss(x, y, y_pred, data.sample_weight) + 0.01 * slope;
        },
        trainable_weights());
    optimizer()->apply_gradients(g.grads, trainable_weights());

    update_loss_tracker(g.value, data);
    slope_.update_state(slope);
    compute_metrics(x, y, y_pred, data.sample_weight);
    return get_metrics_result();  // compile's metrics, the loss, and slope_
  }

 private:
  hb::layers::Dense hidden_ = track(hb::layers::Dense({.units = 32, .activation = "tanh"}));
  hb::layers::Dropout dropout_ = track(hb::layers::Dropout({.rate = 0.05}));
  hb::layers::Dense out_ = track(hb::layers::Dense({.units = 1}));
  hb::metrics::Mean slope_ = track(hb::metrics::Mean({.name = "slope"}));
  hb::random::SeedGenerator seed_ = track(hb::random::SeedGenerator(1));
};

int main() {
  hb::set_random_seed(42);
  // A wave with noise, and a few rows that are far off.
  const int64_t rows = 2000;
  hb::Array x(hb::DType::float32, {rows, 1}), y(hb::DType::float32, {rows, 1});
  for (int64_t i = 0; i < rows; ++i) {
    const double at = 6.0 * static_cast<double>((i * 7919) % rows) / rows - 3.0;
    x.set(i, at);
    y.set(i, std::sin(2 * at) + 0.1 * std::sin(1000.0 * at) + (i % 97 == 0 ? 4.0 : 0.0));
  }

  SmoothNet model;
  model.compile({.optimizer = hb::optimizers::Adam({.learning_rate = 0.01}),
                 .loss = "huber",
                 .metrics = {"mae"},
                 .steps_per_execution = 16});  // sixteen of our own steps in each call
  hb::History history = model.fit(x, y, {.epochs = 15, .batch_size = 50, .verbose = 2, .validation_split = 0.1});
  std::printf("mean absolute error: %.3f -> %.3f\n", history["val_mae"].front(), history["val_mae"].back());
  return history["val_mae"].back() < 0.7 * history["val_mae"].front() ? 0 : 1;
}
