// The runs and their comparison.
#include "test/e2e/training_support.h"

#include <cstring>

#include <gtest/gtest.h>
#include <hornbeam/losses/sparse_categorical_crossentropy.h>
#include <hornbeam/random.h>

#include "test/e2e/fashion_support.h"

namespace hornbeam::e2e {
namespace {

void expect_same(const Array& got, const Array& expected, const std::string& what) {
  ASSERT_EQ(got.shape(), expected.shape()) << what;
  ASSERT_EQ(got.dtype(), expected.dtype()) << what;
  EXPECT_EQ(std::memcmp(got.data(), expected.data(), got.bytes()), 0) << what << " differs";
}

}  // namespace

Outcome train(const Case& test, StepsPerExecution steps, int num_threads) {
  clear_session();
  set_random_seed(11);
  Sequential model = test.model();
  model.compile({.optimizer = test.optimizer(),
                 .loss = losses::SparseCategoricalCrossentropy({.from_logits = true}),
                 .metrics = {"accuracy"},
                 .steps_per_execution = steps,
                 .num_threads = num_threads});
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

}  // namespace hornbeam::e2e
