// Train steps of one's own against real Keras: the same weights, the same rows, six steps (data/make_own_steps.py).
#include <gtest/gtest.h>
#include <hornbeam/gradient.h>
#include <hornbeam/input.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/losses/kl_divergence.h>
#include <hornbeam/losses/sparse_categorical_crossentropy.h>
#include <hornbeam/metrics/sparse_categorical_accuracy.h>
#include <hornbeam/model.h>
#include <hornbeam/ops.h>
#include <hornbeam/ops/custom_gradient.h>
#include <hornbeam/optimizers/adam.h>
#include <hornbeam/optimizers/rmsprop.h>
#include <hornbeam/optimizers/sgd.h>
#include <hornbeam/runtime/data/npy.h>
#include <hornbeam/sequential.h>

#include <map>

namespace hornbeam::e2e {
namespace {

using layers::Dense;

const Array& recorded(const std::string& name) {
  static const std::map<std::string, Array> arrays = [] {
    std::map<std::string, Array> all;
    for (auto& [key, array] : runtime::read_npz(HORNBEAM_TEST_DATA "/e2e/data/own_steps.npz")) all[key] = array;
    return all;
  }();
  return arrays.at(name);
}

std::vector<Array> recorded_list(const std::string& prefix, size_t count) {
  std::vector<Array> all;
  for (size_t i = 0; i < count; ++i) all.push_back(recorded(prefix + "/" + std::to_string(i)));
  return all;
}

void expect_near(const std::vector<Array>& got, const std::vector<Array>& expected, double tolerance) {
  ASSERT_EQ(got.size(), expected.size());
  for (size_t i = 0; i < got.size(); ++i)
    for (int64_t j = 0; j < got[i].num_elements(); ++j)
      EXPECT_NEAR(got[i].get(j), expected[i].get(j), tolerance) << "weight " << i << ", element " << j;
}

// A critic with a gradient penalty (a second derivative) and a generator, each with its optimizer.
class Wgan : public ModelOf<Wgan> {
 public:
  StepLogs train_step(const StepData& data) override {
    Tensor real = data.x[0], noise = data.x[1], share = data.x[2];
    Tensor fake = generator(noise, {.training = true}).single(), penalty;
    Gradient of_critic = value_and_grad(
        [&] {
          Tensor mixed = share * real + (1.0 - share) * fake;
          auto score = [&](const std::vector<Tensor>& x) { return ops::sum(critic(x[0], {.training = true}).single()); };
          Tensor norm = ops::sqrt(ops::sum(ops::square(grad(score, {mixed})[0]), 1));
          penalty = ops::mean(ops::square(norm - 1.0));
          return ops::mean(critic(fake).single()) - ops::mean(critic(real).single()) + 10.0 * penalty;
        },
        critic.trainable_weights());
    critic_optimizer_.apply_gradients(of_critic.grads, critic.trainable_weights());
    Gradient of_generator =
        value_and_grad([&] { return -ops::mean(critic(generator(noise)).single()); }, generator.trainable_weights());
    generator_optimizer_.apply_gradients(of_generator.grads, generator.trainable_weights());
    return {{"critic_loss", of_critic.value}, {"generator_loss", of_generator.value}, {"penalty", penalty}};
  }

  Sequential generator = track(Sequential({Input({4}), Dense({.units = 6, .activation = "tanh"}), Dense({.units = 3})}));
  Sequential critic = track(Sequential({Input({3}), Dense({.units = 8, .activation = "tanh"}), Dense({.units = 1})}));

 private:
  optimizers::Adam critic_optimizer_ = track(optimizers::Adam({.learning_rate = 0.02, .beta_1 = 0.5}));
  optimizers::RMSprop generator_optimizer_ = track(optimizers::RMSprop({.learning_rate = 0.01}));
};

TEST(OwnStepsKeras, GanWithGradientPenalty) {
  for (int64_t steps : {1, 4}) {
    Wgan model;
    model.generator.set_weights(recorded_list("wgan/generator", 4));
    model.critic.set_weights(recorded_list("wgan/critic", 4));
    model.compile({.steps_per_execution = steps});
    History history = model.fit({recorded("wgan/real"), recorded("wgan/noise"), recorded("wgan/share")}, {},
                                {.batch_size = 4, .verbose = 0, .shuffle = false});
    for (const char* name : {"critic_loss", "generator_loss", "penalty"})
      EXPECT_NEAR(history[name][0], recorded(std::string("wgan/") + name).get(0), 2e-5) << name;
    expect_near(model.generator.get_weights(), recorded_list("wgan/generator_after", 4), 2e-5);
    expect_near(model.critic.get_weights(), recorded_list("wgan/critic_after", 4), 2e-5);
  }
}

// Rounds; the gradient is that of a clipped line.
class Rounding : public UnaryLayerOf<Rounding> {
 public:
  Tensor call(const Tensor& x, const CallArgs&) override {
    auto rounded = custom_gradient([](const Tensor& x) {
      auto gradient = [x](const Tensor& upstream) {
        return ops::where(ops::less(ops::abs(x), 1.0), upstream, ops::zeros_like(upstream));
      };
      return std::pair(ops::round(x), gradient);
    });
    return rounded(x);
  }
};

TEST(OwnStepsKeras, CustomGradient) {
  Sequential model({Input({5}), Dense({.units = 7, .activation = "tanh"}), Rounding(), Dense({.units = 2})});
  model.set_weights(recorded_list("rounding/weights", 4));
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1, .momentum = 0.9}), .loss = "mse"});
  History history =
      model.fit(recorded("rounding/x"), recorded("rounding/y"), {.batch_size = 4, .verbose = 0, .shuffle = false});
  EXPECT_NEAR(history["loss"][0], recorded("rounding/loss").get(0), 1e-5);
  expect_near(model.get_weights(), recorded_list("rounding/after", 4), 1e-5);
}

// Keras' knowledge distillation by an own compute_loss.
class Distiller : public ModelOf<Distiller> {
 public:
  Tensors call(const Tensors& x, const CallArgs&) override { return student(x); }
  Tensor compute_loss(const Tensors& x, const Tensors& y, const Tensors& y_pred, const Tensors&) override {
    Tensor taught = teacher(x, {.training = false}).single(), learned = y_pred.single();
    Tensor hard = losses::SparseCategoricalCrossentropy({.from_logits = true})(y.single(), learned);
    Tensor soft = losses::KLDivergence({})(ops::softmax(taught / 3.0, 1), ops::softmax(learned / 3.0, 1)) * 9.0;
    return 0.1 * hard + 0.9 * soft;
  }

  Sequential teacher = track(Sequential({Input({5}), Dense({.units = 9, .activation = "relu"}), Dense({.units = 3})}));
  Sequential student = track(Sequential({Input({5}), Dense({.units = 3})}));
};

TEST(OwnStepsKeras, Distillation) {
  Distiller model;
  model.teacher.set_trainable(false);
  model.teacher.set_weights(recorded_list("distiller/teacher", 4));
  model.student.set_weights(recorded_list("distiller/student", 2));
  model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.05}), .metrics = {metrics::SparseCategoricalAccuracy({.name = "accuracy"})}});
  History history =
      model.fit(recorded("distiller/x"), recorded("distiller/y"), {.batch_size = 4, .verbose = 0, .shuffle = false});
  EXPECT_NEAR(history["loss"][0], recorded("distiller/loss").get(0), 1e-5);
  EXPECT_NEAR(history["accuracy"][0], recorded("distiller/accuracy").get(0), 1e-6);
  expect_near(model.student.get_weights(), recorded_list("distiller/student_after", 2), 1e-5);
  expect_near(model.teacher.get_weights(), recorded_list("distiller/teacher_after", 4), 0);
}

}  // namespace
}  // namespace hornbeam::e2e
