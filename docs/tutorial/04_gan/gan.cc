// A generative adversarial network: a generator learns to make points that a critic cannot tell from real ones. See
// README.md beside.
#include <cmath>
#include <cstdio>

#include <hornbeam/hornbeam.h>

namespace hb = hornbeam;
namespace ops = hornbeam::ops;

// A Wasserstein GAN with gradient penalty, both networks trained in each step by an optimizer of their own.
class Gan : public hb::ModelOf<Gan> {
 public:
  static constexpr int64_t kNoise = 4;

  // predict makes points of noise.
  hb::Tensors predict_step(const hb::StepData& data) override { return generator_(data.x); }

  hb::StepLogs train_step(const hb::StepData& data) override {
    hb::Tensor real = data.x.single();
    const int64_t rows = real.shape()[0];
    // The critic learns three times for each time that the generator does.
    hb::Tensor critic_loss;
    for (int i = 0; i < 3; ++i) {
      hb::Tensor fake = generator_(noise(rows)).single();
      hb::Tensor share = hb::random::uniform({rows, 1}, 0.0, 1.0, hb::DType::float32, seed_);
      hb::Gradient g = hb::value_and_grad(
          [&] {
            return ops::mean(critic_(fake).single()) - ops::mean(critic_(real).single()) +
                   5.0 * slope_penalty(share * real + (1.0 - share) * fake);
          },
          critic_.trainable_weights());
      critic_optimizer_.apply_gradients(g.grads, critic_.trainable_weights());
      critic_loss = g.value;
    }
    hb::Gradient g = hb::value_and_grad([&] { return -ops::mean(critic_(generator_(noise(rows))).single()); },
                                        generator_.trainable_weights());
    generator_optimizer_.apply_gradients(g.grads, generator_.trainable_weights());
    critic_loss_.update_state(critic_loss);
    return {{"critic_loss", critic_loss_}, {"generator_loss", g.value}};
  }

 private:
  hb::Tensor noise(int64_t rows) { return hb::random::normal({rows, kNoise}, 0.0, 1.0, hb::DType::float32, seed_); }
  // How far the critic's slope is from 1: a derivative, whose derivative the training takes.
  hb::Tensor slope_penalty(const hb::Tensor& at) {
    auto score = [&](const std::vector<hb::Tensor>& x) { return ops::sum(critic_(x[0]).single()); };
    hb::Tensor slope = ops::sqrt(ops::sum(ops::square(hb::grad(score, {at})[0]), 1) + 1e-12);
    return ops::mean(ops::square(slope - 1.0));
  }
  static hb::Sequential network(int64_t inputs, int64_t outputs) {
    return hb::Sequential({hb::Input({inputs}), hb::layers::Dense({.units = 32, .activation = "leaky_relu"}),
                           hb::layers::Dense({.units = 32, .activation = "leaky_relu"}),
                           hb::layers::Dense({.units = outputs})});
  }

  hb::Sequential generator_ = track(network(kNoise, 2), "generator");
  hb::Sequential critic_ = track(network(2, 1), "critic");
  hb::optimizers::Adam critic_optimizer_ = track(hb::optimizers::Adam({.learning_rate = 2e-3, .beta_1 = 0.5}));
  hb::optimizers::Adam generator_optimizer_ = track(hb::optimizers::Adam({.learning_rate = 2e-3, .beta_1 = 0.5}));
  hb::metrics::Mean critic_loss_ = track(hb::metrics::Mean({.name = "critic_loss"}));
  hb::random::SeedGenerator seed_ = track(hb::random::SeedGenerator(3));
};

// The mean and the spread of the points' distances from the middle.
std::pair<double, double> radius(const hb::Array& points) {
  double sum = 0, squares = 0;
  const int64_t rows = points.shape()[0];
  for (int64_t i = 0; i < rows; ++i) {
    const double r = std::hypot(points.get(2 * i), points.get(2 * i + 1));
    sum += r, squares += r * r;
  }
  return {sum / rows, std::sqrt(std::max(0.0, squares / rows - sum / rows * sum / rows))};
}

int main() {
  hb::set_random_seed(42);
  const int64_t rows = 1024;
  // Points on a ring of radius 2.
  hb::Array real(hb::DType::float32, {rows, 2});
  for (int64_t i = 0; i < rows; ++i) {
    const double angle = 6.2831853 * i / rows, r = 2.0 + 0.1 * std::sin(100.0 * i);
    real.set(2 * i, r * std::cos(angle)), real.set(2 * i + 1, r * std::sin(angle));
  }
  hb::Array noise = hb::random::normal({512, Gan::kNoise}, 0.0, 1.0, hb::DType::float32, 5).array();

  Gan gan;
  gan.compile({.steps_per_execution = 16});
  auto [before, spread_before] = radius(gan.predict(noise, {.verbose = 0})[0]);
  gan.fit(real, {}, {.epochs = 60, .batch_size = 64, .verbose = 0});
  auto [after, spread] = radius(gan.predict(noise, {.verbose = 0})[0]);
  std::printf("radius of the generated points: %.2f +- %.2f before, %.2f +- %.2f after (2.00 +- 0.07 are real)\n", before,
              spread_before, after, spread);
  return after > 1.5 && after < 2.5 ? 0 : 1;
}
