// LambdaCallback calls the functions it was given, with what the hooks get, and no others.
#include <hornbeam/callbacks/lambda_callback.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hornbeam::callbacks {
namespace {

TEST(LambdaCallback, PassesEveryHookOn) {
  std::vector<std::string> seen;
  const auto plain = [&](const char* name) {
    return [&seen, name](const Logs& logs) { seen.push_back(name + std::to_string(logs.size())); };
  };
  const auto indexed = [&](const char* name) {
    return [&seen, name](int64_t index, const Logs& logs) {
      seen.push_back(name + std::to_string(index) + ":" + std::to_string(logs.size()));
    };
  };
  LambdaCallback callback({.on_epoch_begin = indexed("epoch_begin "),
                           .on_epoch_end = indexed("epoch_end "),
                           .on_train_begin = plain("train_begin "),
                           .on_train_end = plain("train_end "),
                           .on_train_batch_begin = indexed("train_batch_begin "),
                           .on_train_batch_end = indexed("train_batch_end "),
                           .on_test_begin = plain("test_begin "),
                           .on_test_end = plain("test_end "),
                           .on_test_batch_begin = indexed("test_batch_begin "),
                           .on_test_batch_end = indexed("test_batch_end "),
                           .on_predict_begin = plain("predict_begin "),
                           .on_predict_end = plain("predict_end "),
                           .on_predict_batch_begin = indexed("predict_batch_begin "),
                           .on_predict_batch_end = indexed("predict_batch_end ")});
  const Logs one = {{"loss", 1.0}};
  Callback& hooks = callback;
  hooks.on_train_begin({});
  hooks.on_epoch_begin(1, {});
  hooks.on_train_batch_begin(2, {});
  hooks.on_train_batch_end(3, one);
  hooks.on_test_begin({});
  hooks.on_test_batch_begin(4, {});
  hooks.on_test_batch_end(5, one);
  hooks.on_test_end(one);
  hooks.on_epoch_end(6, one);
  hooks.on_train_end(one);
  hooks.on_predict_begin({});
  hooks.on_predict_batch_begin(7, {});
  hooks.on_predict_batch_end(8, {});
  hooks.on_predict_end({});
  EXPECT_THAT(seen, testing::ElementsAre("train_begin 0", "epoch_begin 1:0", "train_batch_begin 2:0",
                                         "train_batch_end 3:1", "test_begin 0", "test_batch_begin 4:0",
                                         "test_batch_end 5:1", "test_end 1", "epoch_end 6:1", "train_end 1",
                                         "predict_begin 0", "predict_batch_begin 7:0", "predict_batch_end 8:0",
                                         "predict_end 0"));
}

TEST(LambdaCallback, LeavesTheOtherHooksAlone) {
  int epochs = 0;
  LambdaCallback callback({.on_epoch_end = [&](int64_t, const Logs&) { ++epochs; }});
  Callback& hooks = callback;
  hooks.on_train_begin({});
  hooks.on_train_batch_end(0, {});
  hooks.on_predict_end({});
  hooks.on_epoch_end(0, {});
  EXPECT_EQ(epochs, 1);
}

TEST(LambdaCallback, NeedsBatchLogsOnlyForTheEndOfBatches) {
  EXPECT_FALSE(LambdaCallback({.on_epoch_end = [](int64_t, const Logs&) {}}).needs_batch_logs());
  EXPECT_FALSE(LambdaCallback({.on_train_batch_begin = [](int64_t, const Logs&) {}}).needs_batch_logs());
  EXPECT_TRUE(LambdaCallback({.on_train_batch_end = [](int64_t, const Logs&) {}}).needs_batch_logs());
  EXPECT_TRUE(LambdaCallback({.on_test_batch_end = [](int64_t, const Logs&) {}}).needs_batch_logs());
}

}  // namespace
}  // namespace hornbeam::callbacks
