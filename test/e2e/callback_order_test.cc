// Which hooks are called, in which order, with which index and which logs, for fused steps with a partial last group.
// The sequences were printed by Keras 3.15 for the same calls.
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/callbacks/lambda_callback.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/losses/mean_squared_error.h>
#include <hornbeam/optimizers/sgd.h>
#include <hornbeam/random.h>
#include <hornbeam/sequential.h>

namespace hornbeam::e2e {
namespace {

using ::testing::ElementsAre;

class Recorder : public Callback {
 public:
  explicit Recorder(std::vector<std::string>& events) : events_(&events) {}
  void on_train_begin(const Logs& logs) override { add("train_begin", logs); }
  void on_train_end(const Logs& logs) override { add("train_end", logs); }
  void on_epoch_begin(int64_t i, const Logs& logs) override { add("epoch_begin " + std::to_string(i), logs); }
  void on_epoch_end(int64_t i, const Logs& logs) override { add("epoch_end " + std::to_string(i), logs); }
  void on_train_batch_begin(int64_t i, const Logs& logs) override { add("train_batch_begin " + std::to_string(i), logs); }
  void on_train_batch_end(int64_t i, const Logs& logs) override { add("train_batch_end " + std::to_string(i), logs); }
  void on_test_begin(const Logs& logs) override { add("test_begin", logs); }
  void on_test_end(const Logs& logs) override { add("test_end", logs); }
  void on_test_batch_begin(int64_t i, const Logs& logs) override { add("test_batch_begin " + std::to_string(i), logs); }
  void on_test_batch_end(int64_t i, const Logs& logs) override { add("test_batch_end " + std::to_string(i), logs); }
  void on_predict_begin(const Logs& logs) override { add("predict_begin", logs); }
  void on_predict_end(const Logs& logs) override { add("predict_end", logs); }
  void on_predict_batch_begin(int64_t i, const Logs& logs) override { add("predict_batch_begin " + std::to_string(i), logs); }
  void on_predict_batch_end(int64_t i, const Logs& logs) override { add("predict_batch_end " + std::to_string(i), logs); }

 private:
  void add(std::string event, const Logs& logs) {
    std::string names;
    for (const auto& [name, value] : logs) names += (names.empty() ? "" : ",") + name;
    events_->push_back(std::move(event) + (names.empty() ? "" : " {" + names + "}"));
  }
  std::vector<std::string>* events_;
};

// 13 rows in batches of 2: 7 steps, three a call; the last call has one step, of one row.
class CallbackOrder : public testing::Test {
 protected:
  CallbackOrder()
      : x_(DType::float32, {13, 2}), y_(DType::float32, {13, 1}), model_({Input({2}), layers::Dense({.units = 1})}) {
    for (int64_t i = 0; i < 26; ++i) x_.set(i, 0.1 * static_cast<double>(i % 7));
    for (int64_t i = 0; i < 13; ++i) y_.set(i, 0.2 * static_cast<double>(i % 5));
    model_.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1}),
                    .loss = losses::MeanSquaredError(),
                    .metrics = {"mae"},
                    .steps_per_execution = 3});
  }

  Array x_, y_;
  Sequential model_;
  std::vector<std::string> events_;
};

TEST_F(CallbackOrder, Fit) {
  model_.fit(x_, y_, {.epochs = 2, .batch_size = 2, .verbose = 0, .callbacks = {Recorder(events_)},
                      .validation_data = {x_.rows(0, 5), y_.rows(0, 5)}, .validation_freq = 2});
  EXPECT_THAT(events_,
              ElementsAre("train_begin",                                                        //
                          "epoch_begin 0",                                                      //
                          "train_batch_begin 0", "train_batch_end 2 {loss,mae}",                //
                          "train_batch_begin 3", "train_batch_end 5 {loss,mae}",                //
                          "train_batch_begin 6", "train_batch_end 8 {loss,mae}",                //
                          "epoch_end 0 {loss,mae}",                                             //
                          "epoch_begin 1",                                                      //
                          "train_batch_begin 0", "train_batch_end 2 {loss,mae}",                //
                          "train_batch_begin 3", "train_batch_end 5 {loss,mae}",                //
                          "train_batch_begin 6", "train_batch_end 8 {loss,mae}",                //
                          "test_begin", "test_batch_begin 0", "test_batch_end 2 {loss,mae}",    //
                          "test_end {loss,mae}",                                                //
                          "epoch_end 1 {loss,mae,val_loss,val_mae}",                            //
                          "train_end {loss,mae,val_loss,val_mae}"));
}

TEST_F(CallbackOrder, Evaluate) {
  model_.evaluate(x_, y_, {.batch_size = 2, .verbose = 0, .callbacks = {Recorder(events_)}});
  EXPECT_THAT(events_, ElementsAre("test_begin", "test_batch_begin 0", "test_batch_end 2 {loss,mae}",
                                   "test_batch_begin 3", "test_batch_end 5 {loss,mae}", "test_batch_begin 6",
                                   "test_batch_end 8 {loss,mae}", "test_end {loss,mae}"));
}

TEST_F(CallbackOrder, Predict) {
  model_.predict(x_, {.batch_size = 2, .verbose = 0, .callbacks = {Recorder(events_)}});
  EXPECT_THAT(events_, ElementsAre("predict_begin", "predict_batch_begin 0", "predict_batch_end 2",
                                   "predict_batch_begin 3", "predict_batch_end 5", "predict_batch_begin 6",
                                   "predict_batch_end 8", "predict_end"));
}

TEST_F(CallbackOrder, BatchLogsAreThoseAfterTheLastStepOfTheCall) {
  std::vector<double> fused, single;
  const auto keep = [](std::vector<double>& into) {
    return callbacks::LambdaCallback(
        {.on_train_batch_end = [&into](int64_t, const Logs& logs) { into.push_back(logs["loss"]); }});
  };
  const auto weights = model_.get_weights();
  model_.fit(x_, y_, {.batch_size = 2, .verbose = 0, .callbacks = {keep(fused)}, .shuffle = false});
  model_.set_weights(weights);
  model_.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1}), .loss = losses::MeanSquaredError(),
                  .metrics = {"mae"}, .steps_per_execution = 1});
  model_.fit(x_, y_, {.batch_size = 2, .verbose = 0, .callbacks = {keep(single)}, .shuffle = false});
  ASSERT_EQ(single.size(), 7u);
  EXPECT_THAT(fused, ElementsAre(single[2], single[5], single[6]));
}

TEST_F(CallbackOrder, StopTrainingEndsTheEpochAfterTheRunningCall) {
  const callbacks::LambdaCallback stop({.on_train_batch_end = [&](int64_t batch, const Logs&) {
    if (batch == 2) model_.stop_training() = true;
  }});
  model_.fit(x_, y_, {.epochs = 5, .batch_size = 2, .verbose = 0, .callbacks = {Recorder(events_), stop}});
  EXPECT_THAT(events_, ElementsAre("train_begin", "epoch_begin 0", "train_batch_begin 0", "train_batch_end 2 {loss,mae}",
                                   "epoch_end 0 {loss,mae}", "train_end {loss,mae}"));
}

// What a hook throws comes out of fit as it was, and the weights are those of the last call.
TEST_F(CallbackOrder, AnExceptionPassesThrough) {
  struct Surprise : std::runtime_error {
    using std::runtime_error::runtime_error;
  };
  std::vector<Array> seen;
  const callbacks::LambdaCallback fail({.on_train_batch_end = [&](int64_t batch, const Logs&) {
    if (batch != 5) return;
    seen = model_.get_weights();
    throw Surprise("from the hook");
  }});
  const auto before = model_.get_weights();
  try {
    model_.fit(x_, y_, {.epochs = 5, .batch_size = 2, .verbose = 0, .callbacks = {fail}});
    FAIL() << "no exception";
  } catch (const Surprise& surprise) {
    EXPECT_STREQ(surprise.what(), "from the hook");
  }
  const auto after = model_.get_weights();
  ASSERT_EQ(seen.size(), after.size());
  for (size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(std::memcmp(after[i].data(), seen[i].data(), after[i].bytes()), 0);
    EXPECT_NE(std::memcmp(after[i].data(), before[i].data(), after[i].bytes()), 0);
  }
  // The model can be used as before.
  EXPECT_EQ(model_.fit(x_, y_, {.epochs = 2, .batch_size = 2, .verbose = 0})["loss"].size(), 2u);
}

}  // namespace
}  // namespace hornbeam::e2e
