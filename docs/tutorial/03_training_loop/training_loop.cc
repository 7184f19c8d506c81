// A training loop written by hand, around two compiled functions. See README.md beside.
#include <cmath>
#include <cstdio>
#include <iostream>

#include <hornbeam/hornbeam.h>

namespace hb = hornbeam;
namespace ops = hornbeam::ops;

// Two spirals, which wind about each other: x in the plane, y which of the two.
void make_spirals(int64_t rows, hb::Array& x, hb::Array& y) {
  x = hb::Array(hb::DType::float32, {rows, 2});
  y = hb::Array(hb::DType::int32, {rows});
  for (int64_t i = 0; i < rows; ++i) {
    const double turn = 0.5 + 2.5 * static_cast<double>((i * 769) % rows) / rows, side = i % 2 ? 3.14159265 : 0.0;
    x.set(2 * i, turn * std::cos(2 * turn + side) / 3);
    x.set(2 * i + 1, turn * std::sin(2 * turn + side) / 3);
    y.set_int(i, i % 2);
  }
}

int main() {
  hb::set_random_seed(42);
  const int64_t rows = 1024, batch = 64;
  hb::Array x, y;
  make_spirals(rows, x, y);

  auto model = hb::Sequential({hb::Input({2}), hb::layers::Dense({.units = 32, .activation = "tanh"}),
                               hb::layers::Dense({.units = 32, .activation = "tanh"}), hb::layers::Dense({.units = 2})});
  hb::losses::SparseCategoricalCrossentropy loss({.from_logits = true});
  hb::metrics::SparseCategoricalAccuracy accuracy({});
  hb::optimizers::Adam adam({.learning_rate = 0.01});

  // Compiled at the first call, and again for data of other shapes. Weights, slots and the metric stay on the device.
  auto train_step = hb::function([&](const hb::Tensor& x, const hb::Tensor& y) {
    hb::Tensor logits;
    hb::Gradient g = hb::value_and_grad(
        [&] {
          logits = model(x, {.training = true}).single();
          return loss(y, logits);
        },
        model.trainable_weights());
    adam.apply_gradients(g.grads, model.trainable_weights());
    accuracy.update_state(y, logits, {});
    return g.value;
  });
  auto classify = hb::function([&](const hb::Tensor& x) { return ops::argmax(model(x).single(), -1); });

  double reached = 0;
  for (int epoch = 0; epoch < 40; ++epoch) {
    accuracy.reset_state();
    hb::Tensor last;
    for (int64_t row = 0; row < rows; row += batch) last = train_step(x.rows(row, row + batch), y.rows(row, row + batch));
    reached = hb::item<double>(accuracy.result());
    if (epoch % 10 == 9) std::cout << "epoch " << epoch + 1 << ": loss " << last << ", accuracy " << reached << "\n";
    if (reached > 0.99) break;  // any C++ may stand here
  }
  std::cout << "classes of the first eight rows: " << classify(x.rows(0, 8)) << "\n";
  std::cout << "the step was compiled " << train_step.num_traces() << " time(s)\n";
  return reached > 0.95 && train_step.num_traces() == 1 ? 0 : 1;
}
