// TerminateOnNaN: which losses end training, and how.
#include <hornbeam/callbacks/terminate_on_nan.h>

#include <limits>

#include <gtest/gtest.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/sequential.h>

namespace hornbeam::callbacks {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool stops(const Logs& logs) {
  Sequential model({Input({1}), layers::Dense({.units = 1})});
  model.stop_training() = false;
  TerminateOnNaN callback;
  callback.set_model(&model);
  callback.on_train_batch_end(3, logs);
  return model.stop_training();
}

TEST(TerminateOnNaN, EndsTrainingWhenTheLossIsNotFinite) {
  testing::internal::CaptureStdout();
  EXPECT_TRUE(stops({{"loss", std::numeric_limits<double>::quiet_NaN()}}));
  EXPECT_TRUE(stops({{"loss", kInfinity}}));
  EXPECT_TRUE(stops({{"loss", -kInfinity}}));
  EXPECT_EQ(testing::internal::GetCapturedStdout(),
            "Batch 3: the loss is nan, training ends\nBatch 3: the loss is inf, training ends\n"
            "Batch 3: the loss is -inf, training ends\n");
}

TEST(TerminateOnNaN, LetsFiniteLossesPass) {
  EXPECT_FALSE(stops({{"loss", 1e30}}));
  EXPECT_FALSE(stops({}));
  EXPECT_FALSE(stops({{"loss", 1.0}, {"accuracy", std::numeric_limits<double>::quiet_NaN()}}));
}

TEST(TerminateOnNaN, ThrowsIfAskedTo) {
  TerminateOnNaN callback({.raise_error = true});
  callback.on_train_batch_end(0, {{"loss", 1.0}});
  try {
    callback.on_train_batch_end(7, {{"loss", kInfinity}});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "[TerminateOnNaN] the loss is inf after batch 7. A smaller learning rate or clipnorm may help; look for "
                 "NaN in the data.");
  }
}

}  // namespace
}  // namespace hornbeam::callbacks
