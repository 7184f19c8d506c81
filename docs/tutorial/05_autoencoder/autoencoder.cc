// A variational autoencoder: pictures become a few random numbers and pictures again. See README.md beside.
#include <cmath>
#include <cstdio>
#include <iostream>

#include <hornbeam/hornbeam.h>

namespace hb = hornbeam;
namespace ops = hornbeam::ops;

// Draws from the normal distribution with this mean and logarithm of the variance.
class Sampling : public hb::LayerOf<Sampling> {
 public:
  hb::Tensors call(const hb::Tensors& inputs, const hb::CallArgs&) override {
    hb::Tensor mean = inputs[0], log_variance = inputs[1];
    hb::Tensor noise = hb::random::normal(mean.shape(), 0.0, 1.0, hb::DType::float32, seed_);
    return mean + ops::exp(0.5 * log_variance) * noise;
  }

 private:
  hb::random::SeedGenerator seed_ = track(hb::random::SeedGenerator(7));
};

class Vae : public hb::ModelOf<Vae> {
 public:
  hb::Tensors call(const hb::Tensors& x, const hb::CallArgs&) override {
    auto [mean, log_variance] = encode(x.single());
    return ops::sigmoid(decode(mean));
  }

  hb::StepLogs train_step(const hb::StepData& data) override {
    hb::Tensor picture = data.x.single(), reconstruction, divergence;
    hb::Gradient g = hb::value_and_grad(
        [&] {
          auto [mean, log_variance] = encode(picture);
          hb::Tensor logits = decode(sampling_(hb::Tensors{mean, log_variance}).single());
          reconstruction = ops::mean(ops::sum(ops::binary_crossentropy(picture, logits, true), -1));
          divergence = ops::mean(-0.5 * ops::sum(1.0 + log_variance - ops::square(mean) - ops::exp(log_variance), -1));
          return reconstruction + divergence;
        },
        trainable_weights());
    optimizer()->apply_gradients(g.grads, trainable_weights());
    total_.update_state(g.value);
    reconstruction_.update_state(reconstruction);
    divergence_.update_state(divergence);
    return {{"loss", total_}, {"reconstruction", reconstruction_}, {"divergence", divergence_}};
  }

  hb::Tensor decode(const hb::Tensor& z) { return picture_(spread_(z)); }

 private:
  std::pair<hb::Tensor, hb::Tensor> encode(const hb::Tensor& x) {
    hb::Tensor h = gather_(x);
    return {mean_(h), log_variance_(h)};
  }
  using Dense = hb::layers::Dense;
  Dense gather_ = track(Dense({.units = 32, .activation = "relu"}));
  Dense mean_ = track(Dense({.units = 2}));
  Dense log_variance_ = track(Dense({.units = 2}));
  Sampling sampling_ = track(Sampling());
  Dense spread_ = track(Dense({.units = 32, .activation = "relu"}));
  Dense picture_ = track(Dense({.units = 64}));
  hb::metrics::Mean total_ = track(hb::metrics::Mean({.name = "loss"}));
  hb::metrics::Mean reconstruction_ = track(hb::metrics::Mean({.name = "reconstruction"}));
  hb::metrics::Mean divergence_ = track(hb::metrics::Mean({.name = "divergence"}));
};

void show(const hb::Array& picture) {
  for (int row = 0; row < 8; ++row) {
    for (int column = 0; column < 8; ++column) {
      const double value = picture.get(8 * row + column);
      std::putchar(value > 0.66 ? '#' : value > 0.33 ? '+' : '.');
    }
    std::putchar('\n');
  }
}

int main() {
  hb::set_random_seed(42);
  // Pictures of 8 x 8: a bright square of 4 x 4 somewhere, two numbers say all.
  const int64_t rows = 1000;
  hb::Array x(hb::DType::float32, {rows, 64});
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t p = 0; p < 16; ++p) x.set(64 * i + 8 * (i % 5 + p / 4) + i / 5 % 5 + p % 4, 1.0);

  Vae vae;
  vae.compile({.optimizer = hb::optimizers::Adam({.learning_rate = 5e-3}), .steps_per_execution = 10});
  hb::History history = vae.fit(x, {}, {.epochs = 60, .batch_size = 50, .verbose = 0});
  std::printf("loss %.2f -> %.2f (reconstruction %.2f, divergence %.2f)\n", history["loss"].front(),
              history["loss"].back(), history["reconstruction"].back(), history["divergence"].back());
  std::puts("a picture and what comes out:");
  show(x.rows(7, 8));
  std::puts("");
  show(vae.predict(x.rows(7, 8), {.verbose = 0})[0]);

  // New pictures: numbers in, pictures out.
  auto make = hb::function([&](const hb::Tensor& z) { return ops::sigmoid(vae.decode(z)); });
  std::puts("\nmade of two random numbers:");
  show(make(hb::Array::of<float>({1, 2}, {0.5f, -0.5f})).array());
  return history["loss"].back() < 0.6 * history["loss"].front() ? 0 : 1;
}
