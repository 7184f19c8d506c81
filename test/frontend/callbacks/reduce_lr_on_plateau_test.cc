// ReduceLROnPlateau on given losses: the rates after each epoch are those that Keras 3.15 had for the same sequences.
#include <hornbeam/callbacks/reduce_lr_on_plateau.h>

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/losses/mean_squared_error.h>
#include <hornbeam/optimizers/sgd.h>
#include <hornbeam/schedules/exponential_decay.h>
#include <hornbeam/sequential.h>

namespace hornbeam::callbacks {
namespace {

using Rates = std::vector<double>;

Sequential compiled(LearningRate rate = 0.1) {
  Sequential model({Input({1}), layers::Dense({.units = 1})});
  model.compile({.optimizer = optimizers::SGD({.learning_rate = rate}), .loss = losses::MeanSquaredError()});
  return model;
}

Rates run(ReduceLROnPlateauOptions options, const std::vector<double>& losses) {
  options.monitor = "loss";
  ReduceLROnPlateau callback(options);
  Sequential model = compiled();
  callback.set_model(&model);
  callback.on_train_begin({});
  Rates rates;
  for (size_t epoch = 0; epoch < losses.size(); ++epoch) {
    Logs logs = {{"loss", losses[epoch]}};
    const double before = model.optimizer()->learning_rate();
    callback.add_epoch_logs(static_cast<int64_t>(epoch), logs);
    EXPECT_EQ(logs["learning_rate"], before);
    callback.on_epoch_end(static_cast<int64_t>(epoch), logs);
    rates.push_back(model.optimizer()->learning_rate());
  }
  return rates;
}

void expect(const Rates& got, const Rates& wanted) {
  EXPECT_THAT(got, testing::Pointwise(testing::DoubleNear(1e-7), wanted));
}

TEST(ReduceLROnPlateau, LowersTheRateAfterPatienceEpochs) {
  expect(run({.factor = 0.5, .patience = 2}, {3, 2, 2, 2, 1, 1, 1, 1}),
         {0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025});
  expect(run({.factor = 0.5, .patience = 1}, {std::nan(""), 2, 3, 3, 2}), {0.1, 0.05, 0.025, 0.0125, 0.00625});
}

TEST(ReduceLROnPlateau, CoolsDown) {
  expect(run({.factor = 0.5, .patience = 1, .cooldown = 2}, {3, 3, 3, 3, 3, 3, 3, 3}),
         {0.1, 0.05, 0.05, 0.025, 0.025, 0.0125, 0.0125, 0.00625});
}

TEST(ReduceLROnPlateau, StopsAtMinLr) {
  expect(run({.factor = 0.1, .patience = 1, .min_lr = 0.02}, {3, 3, 3, 3}), {0.1, 0.02, 0.02, 0.02});
}

TEST(ReduceLROnPlateau, NeedsMoreThanMinDelta) {
  expect(run({.factor = 0.5, .patience = 1, .min_delta = 0.5}, {3, 2.5, 2.4, 1.9, 1.9}),
         {0.1, 0.05, 0.05, 0.025, 0.0125});
}

TEST(ReduceLROnPlateau, ModeMaxWantsMore) {
  expect(run({.factor = 0.5, .patience = 1, .mode = "max"}, {1, 2, 3, 3, 2}), {0.1, 0.1, 0.1, 0.05, 0.025});
}

TEST(ReduceLROnPlateau, RejectsAFactorThatLowersNothing) { EXPECT_THROW(ReduceLROnPlateau({.factor = 1}), ValueError); }

// The rate of each epoch stands in the history, and what follows uses the new one.
TEST(ReduceLROnPlateau, WorksInFit) {
  Sequential model = compiled();
  const Array x(DType::float32, {8, 1}), y(DType::float32, {8, 1});  // zeros: the loss never changes
  const History history = model.fit(
      x, y,
      {.epochs = 4, .verbose = 0, .callbacks = {ReduceLROnPlateau({.monitor = "loss", .factor = 0.5, .patience = 1})}});
  EXPECT_THAT(history["learning_rate"], testing::Pointwise(testing::DoubleNear(1e-7), Rates{0.1, 0.1, 0.05, 0.025}));
}

TEST(ReduceLROnPlateau, CannotChangeASchedule) {
  Sequential model =
      compiled(schedules::ExponentialDecay({.initial_learning_rate = 0.1, .decay_steps = 10, .decay_rate = 0.5}));
  const Array x(DType::float32, {8, 1}), y(DType::float32, {8, 1});
  const ReduceLROnPlateau callback({.monitor = "loss", .patience = 1});
  EXPECT_THROW(model.fit(x, y, {.epochs = 4, .verbose = 0, .callbacks = {callback}}), ValueError);
}

}  // namespace
}  // namespace hornbeam::callbacks
