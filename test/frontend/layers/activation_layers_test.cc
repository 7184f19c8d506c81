// Layers given as activations: a part of the layer that has them, in training and in configs.
#include <gtest/gtest.h>
#include <hornbeam/layers/activation.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/leaky_relu.h>
#include <hornbeam/layers/lstm.h>
#include <hornbeam/layers/prelu.h>
#include <hornbeam/optimizers/sgd.h>
#include <hornbeam/sequential.h>

#include "test/frontend/arrays_support.h"

namespace hornbeam {
namespace {

using layers::Dense;
using testing::at;

Array ones(Shape shape) {
  Array array(DType::float32, std::move(shape));
  for (int64_t i = 0; i < array.num_elements(); ++i) array.set(i, 1);
  return array;
}

TEST(ActivationLayers, AreTrainedWithTheirLayer) {
  layers::PReLU slope({.alpha_initializer = "ones"});
  Dense dense({.units = 2, .activation = slope, .use_bias = false, .kernel_initializer = "ones"});
  Sequential model({Input({3}), dense});
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.5}), .loss = "mse"});
  ASSERT_EQ(model.trainable_weights().size(), 2u);
  Array x = ones({4, 3});
  for (int64_t i = 0; i < x.num_elements(); ++i) x.set(i, -1);
  EXPECT_EQ(at(model.predict(x, {.verbose = 0})[0], 0), -3.0f);
  Array y(DType::float32, {4, 2});
  for (int64_t i = 0; i < y.num_elements(); ++i) y.set(i, 0);
  model.fit(x, y, {.batch_size = 4, .verbose = 0});
  // The loss is the mean of (-3 alpha)^2 over two outputs: its derivative by each alpha is (-3) * (-3) = 9.
  EXPECT_NEAR(slope.get_weights()[0].get(0), 1 - 0.5 * 9, 1e-5);
}

TEST(ActivationLayers, StandInConfigsAsLayers) {
  Dense dense({.units = 2, .activation = layers::LeakyReLU({.negative_slope = 0.25})});
  Config config = dense.config();
  EXPECT_EQ(config.at("activation").at("class_name").as_string(), "LeakyReLU");
  Dense again = Dense::from_config(config);
  EXPECT_EQ(again.config().at("activation").at("config").at("negative_slope").as_double(), 0.25);
  layers::Activation layer({.activation = layers::LeakyReLU({.negative_slope = 0.25})});
  EXPECT_EQ(layer(Tensor(Array::of<float>({1}, {-4}))).array().get(0), -1);
}

TEST(ActivationLayers, WorkInsideALoopOverSteps) {
  layers::LSTM lstm({.units = 2, .activation = layers::LeakyReLU({.negative_slope = 1.0})});
  layers::LSTM linear({.units = 2, .activation = "linear"});
  Array x = ones({1, 3, 2});
  lstm.ensure_built(Shape{1, 3, 2});
  linear.ensure_built(Shape{1, 3, 2});
  linear.set_weights(lstm.get_weights());
  EXPECT_EQ(lstm(Tensor(x)).single().array().get(1), linear(Tensor(x)).single().array().get(1));
}

}  // namespace
}  // namespace hornbeam
