// Transfer learning: what a network learned from much data helps with little data of another kind. See README.md beside.
#include <cmath>
#include <cstdio>

#include <hornbeam/hornbeam.h>

namespace hb = hornbeam;

// Waves of 32 numbers, of one of several frequencies, with noise: y says which.
void make_waves(int64_t rows, int first, int kinds, hb::Array& x, hb::Array& y) {
  x = hb::Array(hb::DType::float32, {rows, 32});
  y = hb::Array(hb::DType::int32, {rows});
  for (int64_t i = 0; i < rows; ++i) {
    const int kind = static_cast<int>(i % kinds);
    y.set_int(i, kind);
    for (int64_t t = 0; t < 32; ++t)
      x.set(32 * i + t, std::sin(0.25 * (first + kind) * t + 2.3 * i) + 0.5 * std::sin(12.9898 * (32.0 * i + t) * (1 + i % 7)));
  }
}

hb::Sequential make_base() {
  return hb::Sequential({hb::Input({32}), hb::layers::Reshape({.target_shape = {32, 1}}),
                         hb::layers::Conv1D({.filters = 12, .kernel_size = 7, .name = "waves"}),
                         hb::layers::BatchNormalization({.name = "norm"}), hb::layers::Activation({.activation = "relu"}),
                         hb::layers::Conv1D({.filters = 16, .kernel_size = 5, .activation = "relu", .name = "shapes"}),
                         hb::layers::GlobalAveragePooling1D()},
                        "base");
}

double learn(hb::Model& model, const hb::Array& x, const hb::Array& y, double rate, int64_t epochs) {
  model.compile({.optimizer = hb::optimizers::Adam({.learning_rate = rate}),
                 .loss = hb::losses::SparseCategoricalCrossentropy({.from_logits = true}),
                 .metrics = {"accuracy"},
                 .steps_per_execution = 8});
  return model.fit(x, y, {.epochs = epochs, .batch_size = 32, .verbose = 0})["accuracy"].back();
}

int main() {
  hb::set_random_seed(42);
  // 1. Much data of six kinds.
  hb::Array x, y;
  make_waves(3000, 1, 6, x, y);
  hb::Sequential base = make_base();
  hb::Sequential first({base, hb::layers::Dense({.units = 6})});
  std::printf("six kinds of waves: accuracy %.3f\n", learn(first, x, y, 0.01, 12));
  base.save_weights("base.weights.h5");

  // 2. Little data of three new kinds, the base frozen: only the new head learns, and the base's BatchNormalization goes
  //    on with the mean and variance that it has.
  hb::Array few_x, few_y, test_x, test_y;
  make_waves(60, 8, 3, few_x, few_y);
  make_waves(900, 8, 3, test_x, test_y);
  hb::Sequential fresh = make_base();
  hb::LoadWeightsReport report = fresh.load_weights("base.weights.h5", {.by_name = true, .skip_mismatch = true});
  std::printf("%lld arrays taken over, %zu left out\n", static_cast<long long>(report.loaded), report.skipped.size());
  fresh.set_trainable(false);
  hb::Sequential model({fresh, hb::layers::Dense({.units = 3, .name = "head"})});
  learn(model, few_x, few_y, 0.05, 40);
  const double frozen = model.evaluate(test_x, test_y, {.verbose = 0})["accuracy"];

  // 3. Everything learns a little more, slowly. What is trainable counts from compile() on. The normalization stays as
  //    it is.
  fresh.set_trainable(true);
  fresh.get_layer("norm")->set_trainable(false);
  learn(model, few_x, few_y, 0.002, 40);
  const double tuned = model.evaluate(test_x, test_y, {.verbose = 0})["accuracy"];

  // For comparison: the same network on the little data alone.
  hb::Sequential alone({make_base(), hb::layers::Dense({.units = 3})});
  learn(alone, few_x, few_y, 0.01, 60);
  const double scratch = alone.evaluate(test_x, test_y, {.verbose = 0})["accuracy"];
  std::printf("three new kinds from 60 waves: accuracy %.3f frozen, %.3f fine-tuned, %.3f without the base\n", frozen, tuned,
              scratch);
  return tuned > 0.6 ? 0 : 1;
}
