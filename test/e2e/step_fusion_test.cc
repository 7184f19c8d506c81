// How many steps a call runs, and on how many threads, changes nothing but the time: the history, the weights, the
// optimizer's slots and the predictions are equal bit for bit.
#include <gtest/gtest.h>
#include <hornbeam/layers/batch_normalization.h>
#include <hornbeam/layers/conv.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/dropout.h>
#include <hornbeam/layers/flatten.h>
#include <hornbeam/layers/pooling.h>
#include <hornbeam/layers/reshape.h>
#include <hornbeam/optimizers/adam.h>
#include <hornbeam/optimizers/sgd.h>
#include <hornbeam/sequential.h>

#include "test/e2e/fashion_support.h"
#include "test/e2e/training_support.h"

namespace hornbeam::e2e {
namespace {

Sequential mlp() {
  return Sequential({Input({28, 28}), layers::Flatten(), layers::Dense({.units = 24, .activation = "relu"}),
                     layers::Dense({.units = 10})});
}
Sequential mlp_with_dropout() {
  return Sequential({Input({28, 28}), layers::Flatten(), layers::Dense({.units = 24, .activation = "relu"}),
                     layers::Dropout({.rate = 0.3}), layers::Dense({.units = 10})});
}
Sequential cnn_with_batch_norm() {
  return Sequential({Input({28, 28}), layers::Reshape({.target_shape = {28, 28, 1}}),
                     layers::Conv2D({.filters = 4, .kernel_size = 3, .activation = "relu"}),
                     layers::BatchNormalization(), layers::MaxPooling2D({.pool_size = 2}), layers::Flatten(),
                     layers::Dense({.units = 10})});
}

Optimizer adam() { return optimizers::Adam({.learning_rate = 1e-2}); }
Optimizer momentum() { return optimizers::SGD({.learning_rate = 0.05, .momentum = 0.9, .nesterov = true}); }

Array every_third_twice() {
  Array weights(DType::float32, {kRows});
  for (int64_t i = 0; i < kRows; ++i) weights.set(i, i % 3 == 0 ? 2.0 : 0.5);
  return weights;
}

std::vector<Case> cases() {
  const ValidationData validation{test_images().x.rows(0, 70), test_images().y.rows(0, 70)};
  return {
      {"adam", mlp, adam, {}},
      {"momentum", mlp, momentum, {}},
      {"dropout", mlp_with_dropout, adam, {}},
      {"validation_data", mlp, adam, {.validation_data = validation}},
      {"validation_split", mlp_with_dropout, adam, {.validation_split = 0.25}},
      {"class_weight", mlp, adam, {.class_weight = {{0, 2.0}, {3, 0.5}, {9, 1.5}}}},
      {"sample_weight", mlp, adam, {.sample_weight = every_third_twice()}},
      {"in_order", mlp, adam, {.shuffle = false}},
      {"steps_per_epoch", mlp, adam, {.steps_per_epoch = 5}},
      {"cnn_with_batch_norm", cnn_with_batch_norm, adam, {.validation_data = validation}},
  };
}

class StepFusion : public testing::TestWithParam<Case> {};

TEST_P(StepFusion, AnyNumberOfStepsGivesTheSame) {
  const Outcome one = train(GetParam(), 1);
  ASSERT_EQ(one.history["loss"].size(), 2u);
  EXPECT_LT(one.history["loss"][1], one.history["loss"][0]);  // it does learn
  for (const int64_t steps : {3, 7, 64}) {
    SCOPED_TRACE("steps_per_execution = " + std::to_string(steps));
    expect_same(train(GetParam(), steps), one);
  }
}

TEST_P(StepFusion, AutoGivesTheSame) { expect_same(train(GetParam(), "auto"), train(GetParam(), 1)); }

INSTANTIATE_TEST_SUITE_P(Cases, StepFusion, testing::ValuesIn(cases()),
                         [](const auto& info) { return info.param.name; });

// Threads only choose who computes which part: their number changes nothing.
TEST_P(StepFusion, AnyNumberOfThreadsGivesTheSame) {
  const Outcome one = train(GetParam(), 7, 1);
  for (const int threads : {2, 3}) {
    SCOPED_TRACE("num_threads = " + std::to_string(threads));
    expect_same(train(GetParam(), 7, threads), one);
  }
}

// N is a run-time argument of the program: a huge one costs neither time nor memory.
TEST(StepFusionCost, AHugeNumberOfStepsIsJustAnotherNumber) {
  const Case test{"adam", mlp, adam, {}};
  expect_same(train(test, int64_t{1} << 40), train(test, 1));
}

}  // namespace
}  // namespace hornbeam::e2e
