// EarlyStopping on given sequences of losses. What is expected was printed by Keras 3.15's class for the same sequences.
#include <hornbeam/callbacks/early_stopping.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/losses/mean_squared_error.h>
#include <hornbeam/optimizers/sgd.h>
#include <hornbeam/sequential.h>

namespace hornbeam::callbacks {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// A model of one weight, which tells the epoch in which it was set.
Sequential one_weight() {
  return Sequential({Input({1}), layers::Dense({.units = 1, .use_bias = false})});
}
void set_weight(Sequential& model, double value) {
  model.set_weights({Array::of<float>({1, 1}, {static_cast<float>(value)})});
}
double weight(const Sequential& model) { return model.get_weights()[0].get(0); }

struct Outcome {
  int64_t epochs_run;
  int64_t stopped_epoch;
  int64_t best_epoch;
  double best;
  double weight;  // the epoch whose weights the model has at the end
};

Outcome run(EarlyStoppingOptions options, const std::vector<double>& losses) {
  options.monitor = "loss";
  EarlyStopping callback(std::move(options));
  Sequential model = one_weight();
  model.stop_training() = false;
  callback.set_model(&model);
  callback.on_train_begin({});
  int64_t ran = 0;
  for (size_t epoch = 0; epoch < losses.size() && !model.stop_training(); ++epoch) {
    set_weight(model, static_cast<double>(epoch));
    callback.on_epoch_end(static_cast<int64_t>(epoch), {{"loss", losses[epoch]}});
    ran = static_cast<int64_t>(epoch) + 1;
  }
  callback.on_train_end({});
  return {ran, callback.stopped_epoch(), callback.best_epoch(), callback.best().value(), weight(model)};
}

void expect(const Outcome& got, const Outcome& expected) {
  EXPECT_EQ(got.epochs_run, expected.epochs_run);
  EXPECT_EQ(got.stopped_epoch, expected.stopped_epoch);
  EXPECT_EQ(got.best_epoch, expected.best_epoch);
  EXPECT_THAT(got.best, testing::NanSensitiveDoubleEq(expected.best));
  EXPECT_EQ(got.weight, expected.weight);
}

TEST(EarlyStopping, StopsAtTheFirstEpochThatIsNotBetter) {
  expect(run({}, {3, 2, 2, 1}), {3, 2, 1, 2, 2});
  expect(run({}, {1, 2, 3}), {2, 1, 0, 1, 1});
  expect(run({.patience = 0}, {2, 2}), {2, 1, 0, 2, 1});
}

TEST(EarlyStopping, WaitsForPatienceEpochs) {
  expect(run({.patience = 2}, {3, 2, 2.5, 1.9, 2, 2, 2}), {6, 5, 3, 1.9, 5});
}

TEST(EarlyStopping, NeedsMoreThanMinDelta) {
  expect(run({.min_delta = 0.5, .patience = 2}, {3, 2.8, 2.4, 2.3, 2.2, 2.1}), {5, 4, 2, 2.4, 4});
}

TEST(EarlyStopping, OnlyBeatingTheBaselineRestartsTheWait) {
  expect(run({.patience = 2, .baseline = 1.5}, {3, 2.5, 2, 1, 0.5}), {5, 0, 4, 0.5, 4});
  expect(run({.patience = 3, .baseline = 1.5}, {3, 2, 1, 1.2, 1.3, 1.4, 1.5}), {6, 5, 2, 1, 5});
}

TEST(EarlyStopping, RestoresTheBestWeights) {
  expect(run({.patience = 1, .restore_best_weights = true}, {3, 1, 2, 0}), {3, 2, 1, 1, 1});
  expect(run({.patience = 2, .baseline = 0.5, .restore_best_weights = true}, {3, 1, 2, 0}), {3, 2, 1, 1, 1});
  expect(run({.restore_best_weights = true}, {3, 2, 1}), {3, 0, 2, 1, 2});  // also when it did not stop
  expect(run({.restore_best_weights = true}, {kNan, 1, 2}), {2, 1, 0, kNan, 0});
}

TEST(EarlyStopping, LooksAwayBeforeStartFromEpoch) {
  expect(run({.start_from_epoch = 2}, {1, 2, 3, 4, 0}), {4, 3, 2, 3, 3});
  expect(run({.patience = 1, .restore_best_weights = true, .start_from_epoch = 2}, {1, 2, 3, 4, 0}), {4, 3, 2, 3, 2});
}

// A training that diverges: at the end the model is that of the epoch with the least validation loss, for fused steps, too.
TEST(EarlyStopping, FitEndsWithTheBestEpochsModel) {
  for (const int64_t steps : {1, 3}) {
    Array x(DType::float32, {8, 1}), y(DType::float32, {8, 1});
    for (int64_t i = 0; i < 8; ++i) {
      x.set(i, 1 + 0.1 * static_cast<double>(i));
      y.set(i, 1);
    }
    Sequential model = one_weight();
    set_weight(model, 0);
    // The rate is too high at first sight of the larger samples: the loss falls, then grows.
    model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.02, .momentum = 0.99}),
                   .loss = losses::MeanSquaredError(), .steps_per_execution = steps});
    const EarlyStopping callback({.patience = 2, .restore_best_weights = true});
    const History history = model.fit(x, y, {.epochs = 40, .batch_size = 2, .verbose = 0, .callbacks = {callback},
                                             .validation_data = {x, y}, .shuffle = false});
    const std::vector<double>& losses = history["val_loss"];
    ASSERT_LT(losses.size(), 40u);
    const double best = *std::min_element(losses.begin(), losses.end());
    EXPECT_GT(losses.back(), best);
    EXPECT_EQ(losses[static_cast<size_t>(callback.best_epoch())], best);
    EXPECT_EQ(model.evaluate(x, y, {.batch_size = 2, .verbose = 0})["loss"], best);
  }
}

TEST(EarlyStopping, ModeMaxWantsMore) { expect(run({.patience = 1, .mode = "max"}, {1, 2, 1, 3}), {3, 2, 1, 2, 2}); }

TEST(EarlyStopping, CanBeUsedAgain) {
  EarlyStopping callback({.monitor = "loss"});
  Sequential model = one_weight();
  callback.set_model(&model);
  for (int fit = 0; fit < 2; ++fit) {
    callback.on_train_begin({});
    EXPECT_FALSE(callback.best().has_value());
    callback.on_epoch_end(0, {{"loss", 1.0}});
    callback.on_epoch_end(1, {{"loss", 2.0}});
    callback.on_train_end({});
    EXPECT_EQ(callback.stopped_epoch(), 1);
  }
}

TEST(EarlyStopping, SaysWhatItDoes) {
  testing::internal::CaptureStdout();
  run({.verbose = 1, .restore_best_weights = true}, {1, 2});
  EXPECT_EQ(testing::internal::GetCapturedStdout(),
            "Epoch 2: early stopping\nRestoring the weights of the best epoch: 1\n");
}

TEST(EarlyStopping, WarnsOfAValueThatIsNotThere) {
  EarlyStopping callback;
  Sequential model = one_weight();
  callback.set_model(&model);
  callback.on_train_begin({});
  testing::internal::CaptureStderr();
  callback.on_epoch_end(0, {{"loss", 1.0}, {"accuracy", 0.5}});
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "warning: EarlyStopping monitors 'val_loss', which the logs do not have. They have: loss, accuracy\n");
  EXPECT_FALSE(callback.best().has_value());
}

TEST(EarlyStopping, RejectsANegativePatience) {
  try {
    EarlyStopping({.patience = -1});
    FAIL() << "no error";
  } catch (const ValueError& error) {
    EXPECT_STREQ(error.what(), "[EarlyStopping] patience must not be negative. Received: patience=-1");
  }
}

}  // namespace
}  // namespace hornbeam::callbacks
