// Step fusion changes nothing but the time: for N = 1, 3, 7, 64 steps a call, the history, the weights, the optimizer's
// slots and the predictions are equal bit for bit.
#include <cstring>
#include <functional>

#include <gtest/gtest.h>
#include <hornbeam/callbacks/lambda_callback.h>
#include <hornbeam/layers/batch_normalization.h>
#include <hornbeam/layers/conv2d.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/dropout.h>
#include <hornbeam/layers/flatten.h>
#include <hornbeam/layers/max_pooling2d.h>
#include <hornbeam/layers/reshape.h>
#include <hornbeam/losses/sparse_categorical_crossentropy.h>
#include <hornbeam/optimizers/adam.h>
#include <hornbeam/optimizers/sgd.h>
#include <hornbeam/random.h>
#include <hornbeam/sequential.h>

#include "test/e2e/fashion_support.h"

namespace hornbeam::e2e {
namespace {

constexpr int64_t kRows = 200;  // 6 batches of 32 and one of 8: 3 does not divide 7, and 64 is more than all

struct Case {
  std::string name;
  std::function<Sequential()> model;
  std::function<Optimizer()> optimizer;
  FitOptions fit;
};

struct Outcome {
  History history;
  std::vector<Array> weights;
  std::vector<Array> optimizer;
  Array predictions;
};

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

Outcome train(const Case& test, StepsPerExecution steps) {
  clear_session();
  set_random_seed(11);
  Sequential model = test.model();
  model.compile({.optimizer = test.optimizer(),
                 .loss = losses::SparseCategoricalCrossentropy({.from_logits = true}),
                 .metrics = {"accuracy"},
                 .steps_per_execution = steps});
  FitOptions options = test.fit;
  options.epochs = 2;
  options.batch_size = 32;
  options.verbose = 0;
  options.seed = 5;
  Outcome outcome;
  outcome.history = model.fit(train_images().x.rows(0, kRows), train_images().y.rows(0, kRows), options);
  outcome.weights = model.get_weights();
  for (const Variable& variable : model.optimizer()->variables()) outcome.optimizer.push_back(variable.value());
  outcome.predictions = model.predict(test_images().x.rows(0, 70), {.batch_size = 32, .verbose = 0});
  return outcome;
}

void expect_same(const Array& got, const Array& expected, const std::string& what) {
  ASSERT_EQ(got.shape(), expected.shape()) << what;
  ASSERT_EQ(got.dtype(), expected.dtype()) << what;
  EXPECT_EQ(std::memcmp(got.data(), expected.data(), got.bytes()), 0) << what << " differs";
}

void expect_same(const Outcome& got, const Outcome& expected) {
  ASSERT_EQ(got.history.history.size(), expected.history.history.size());
  for (size_t i = 0; i < got.history.history.size(); ++i) {
    EXPECT_EQ(got.history.history[i].first, expected.history.history[i].first);
    const auto& a = got.history.history[i].second;
    const auto& b = expected.history.history[i].second;
    ASSERT_EQ(a.size(), b.size());
    EXPECT_EQ(std::memcmp(a.data(), b.data(), a.size() * sizeof(double)), 0)
        << got.history.history[i].first << ": " << testing::PrintToString(a) << " and " << testing::PrintToString(b);
  }
  ASSERT_EQ(got.weights.size(), expected.weights.size());
  for (size_t i = 0; i < got.weights.size(); ++i)
    expect_same(got.weights[i], expected.weights[i], "weight " + std::to_string(i));
  ASSERT_EQ(got.optimizer.size(), expected.optimizer.size());
  for (size_t i = 0; i < got.optimizer.size(); ++i)
    expect_same(got.optimizer[i], expected.optimizer[i], "optimizer variable " + std::to_string(i));
  expect_same(got.predictions, expected.predictions, "predictions");
}

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

// N is a run-time argument of the program: a huge one costs neither time nor memory.
TEST(StepFusionCost, AHugeNumberOfStepsIsJustAnotherNumber) {
  const Case test{"adam", mlp, adam, {}};
  expect_same(train(test, int64_t{1} << 40), train(test, 1));
}

}  // namespace
}  // namespace hornbeam::e2e
