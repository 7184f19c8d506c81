// SwapEMAWeights: evaluation sees the averages, training goes on with the weights.
#include <hornbeam/callbacks/swap_ema_weights.h>

#include <cmath>

#include <gtest/gtest.h>
#include <hornbeam/callbacks/lambda_callback.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/losses/mean_squared_error.h>
#include <hornbeam/optimizers/sgd.h>
#include <hornbeam/sequential.h>

namespace hornbeam::callbacks {
namespace {

class SwapEMAWeightsTest : public testing::Test {
 protected:
  SwapEMAWeightsTest() : x_(DType::float32, {4, 1}), y_(DType::float32, {4, 1}) {
    for (int64_t i = 0; i < 4; ++i) {
      x_.set(i, 1);
      y_.set(i, 3);
    }
  }
  Sequential model(bool use_ema = true) const {
    Sequential model({Input({1}), layers::Dense({.units = 1, .use_bias = false})});
    model.set_weights({Array::of<float>({1, 1}, {0.0f})});
    optimizers::SGDOptions options{.learning_rate = 0.25};
    options.use_ema = use_ema;
    options.ema_momentum = 0.5;
    model.compile({.optimizer = optimizers::SGD(options), .loss = losses::MeanSquaredError()});
    return model;
  }
  static double weight(const Model& model) { return model.get_weights()[0].get(0); }
  Array x_, y_;
};

// The weight halves its distance to 3 in each step (of the whole data): 1.5, 2.25, 2.625; the averages, which begin
// with the first weight, are 1.5, 1.875, 2.25.
TEST_F(SwapEMAWeightsTest, ValidatesWithTheAverages) {
  Sequential m = model();
  std::vector<double> training;
  const LambdaCallback look({.on_epoch_begin = [&](int64_t, const Logs&) { training.push_back(weight(m)); }});
  const History history =
      m.fit(x_, y_, {.epochs = 3, .verbose = 0, .callbacks = {SwapEMAWeights(), look}, .validation_data = {x_, y_}});
  EXPECT_EQ(training, (std::vector<double>{0, 1.5, 2.25}));
  const double averages[] = {1.5, 1.875, 2.25};
  for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(history["val_loss"][i], std::pow(3 - averages[i], 2), 1e-6);
  // As training ends the averages become the weights, with or without this callback.
  EXPECT_EQ(weight(m), 2.25);
}

TEST_F(SwapEMAWeightsTest, OnEpochShowsThemToThoseAfterIt) {
  Sequential m = model();
  std::vector<double> before, after;
  auto look = [&](std::vector<double>& into) {
    return LambdaCallback({.on_epoch_end = [&into, &m](int64_t, const Logs&) { into.push_back(weight(m)); }});
  };
  m.fit(x_, y_,
        {.epochs = 3, .verbose = 0, .callbacks = {look(before), SwapEMAWeights({.swap_on_epoch = true}), look(after)}});
  EXPECT_EQ(before, (std::vector<double>{1.5, 2.25, 2.625}));
  EXPECT_EQ(after, (std::vector<double>{1.5, 1.875, 2.25}));
  EXPECT_EQ(weight(m), 2.25);
}

TEST_F(SwapEMAWeightsTest, EvaluateAndPredictSwapBack) {
  Sequential m = model();
  m.fit(x_, y_, {.verbose = 0});
  m.set_weights({Array::of<float>({1, 1}, {7.0f})});  // the average is 1.5
  EXPECT_NEAR(m.evaluate(x_, y_, {.verbose = 0, .callbacks = {SwapEMAWeights()}})["loss"], 2.25, 1e-6);
  EXPECT_EQ(weight(m), 7);
  EXPECT_EQ(Array(m.predict(x_, {.verbose = 0, .callbacks = {SwapEMAWeights()}})).get(0), 1.5);
  EXPECT_EQ(weight(m), 7);
}

TEST_F(SwapEMAWeightsTest, NeedsAnOptimizerThatAverages) {
  Sequential m = model(false);
  const SwapEMAWeights swap;
  EXPECT_THROW(m.fit(x_, y_, {.verbose = 0, .callbacks = {swap}, .validation_data = {x_, y_}}), ValueError);
}

}  // namespace
}  // namespace hornbeam::callbacks
