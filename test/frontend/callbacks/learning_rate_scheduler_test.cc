// LearningRateScheduler and History, and what callbacks add to the logs.
#include <hornbeam/callbacks/learning_rate_scheduler.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/callbacks/history.h>
#include <hornbeam/callbacks/lambda_callback.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/losses/mean_squared_error.h>
#include <hornbeam/optimizers/sgd.h>
#include <hornbeam/sequential.h>

namespace hornbeam::callbacks {
namespace {

using testing::ElementsAre;

class InFit : public testing::Test {
 protected:
  InFit() : x_(DType::float32, {6, 1}), y_(DType::float32, {6, 1}), model_({Input({1}), layers::Dense({.units = 1})}) {
    for (int64_t i = 0; i < 6; ++i) {
      x_.set(i, static_cast<double>(i));
      y_.set(i, 1);
    }
    model_.compile({.optimizer = optimizers::SGD({.learning_rate = 0.5}), .loss = losses::MeanSquaredError()});
  }
  hornbeam::History fit(std::vector<CallbackHandle> callbacks, int64_t epochs = 3) {
    return model_.fit(x_, y_, {.epochs = epochs, .verbose = 0, .callbacks = std::move(callbacks)});
  }
  Array x_, y_;
  Sequential model_;
};

TEST_F(InFit, TheFunctionSaysTheRateOfEachEpoch) {
  std::vector<std::pair<int64_t, double>> asked;
  const LearningRateScheduler halve([&](int64_t epoch, double rate) {
    asked.emplace_back(epoch, rate);
    return epoch == 0 ? rate : rate / 2;
  });
  const hornbeam::History history = fit({halve});
  EXPECT_THAT(asked, ElementsAre(std::pair(0, 0.5), std::pair(1, 0.5), std::pair(2, 0.25)));
  EXPECT_THAT(history["learning_rate"], ElementsAre(0.5, 0.25, 0.125));
  EXPECT_EQ(model_.optimizer()->learning_rate(), 0.125);
}

TEST_F(InFit, AFunctionIsNeeded) { EXPECT_THROW(LearningRateScheduler(LearningRateSchedulerOptions{}), ValueError); }

// As in Keras: those before a callback that adds to the logs do not see it, those after it do.
TEST_F(InFit, WhatACallbackAddsIsSeenByThoseAfterIt) {
  std::vector<bool> before, after;
  auto look = [](std::vector<bool>& seen) {
    return LambdaCallback(
        {.on_epoch_end = [&seen](int64_t, const Logs& logs) { seen.push_back(logs.find("learning_rate")); }});
  };
  fit({look(before), LearningRateScheduler([](int64_t, double rate) { return rate; }), look(after)}, 1);
  EXPECT_THAT(before, ElementsAre(false));
  EXPECT_THAT(after, ElementsAre(true));
}

TEST_F(InFit, AHistoryThatIsPassedHoldsWhatFitReturns) {
  History callback;
  const hornbeam::History first = fit({callback});
  EXPECT_EQ(callback.history(), first.history);
  EXPECT_EQ(callback.epoch(), first.epoch);
  EXPECT_TRUE(callback.contains("loss"));
  EXPECT_THROW(callback["val_loss"], ValueError);
  // A second fit goes on with the values and begins the epochs anew, as Keras' History does.
  const hornbeam::History second = fit({callback}, 2);
  EXPECT_EQ(callback["loss"].size(), 5u);
  EXPECT_EQ(callback["loss"].back(), second["loss"].back());
  EXPECT_THAT(callback.epoch(), ElementsAre(0, 1));
}

TEST_F(InFit, CanBeLookedAtWhileTrainingRuns) {
  History callback;
  std::vector<size_t> seen;
  fit({callback,
       LambdaCallback({.on_epoch_end = [&](int64_t, const Logs&) { seen.push_back(callback["loss"].size()); }})});
  EXPECT_THAT(seen, ElementsAre(1, 2, 3));
}

TEST_F(InFit, ValidatesAfterTheEpochsOfAList) {
  auto lengths = [&](ValidationFreq frequency) {
    const hornbeam::History history =
        model_.fit(x_, y_, {.epochs = 5, .verbose = 0, .validation_data = {x_, y_}, .validation_freq = frequency});
    return std::pair(history["loss"].size(), history["val_loss"].size());
  };
  EXPECT_EQ(lengths({1, 4, 9}), std::pair(size_t{5}, size_t{2}));
  EXPECT_EQ(lengths(2), std::pair(size_t{5}, size_t{2}));
  EXPECT_THROW(lengths(0), ValueError);
}

}  // namespace
}  // namespace hornbeam::callbacks
