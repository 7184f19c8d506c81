// ProgbarLogger: what is shown when. How a bar looks is progbar_test.cc's matter.
#include <hornbeam/callbacks/progbar_logger.h>

#include <cstdio>
#include <cstdlib>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hornbeam::callbacks {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A logger that writes to a file of its own, which is no terminal.
class ProgbarLoggerTest : public testing::Test {
 protected:
  ProgbarLoggerTest() : file_(std::tmpfile()), logger_({.stream = file_}), hooks_(logger_) {}
  ~ProgbarLoggerTest() override { std::fclose(file_); }

  std::string text() {
    std::fflush(file_);
    std::string all(static_cast<size_t>(std::ftell(file_)), '\0');
    std::rewind(file_);
    all.resize(std::fread(all.data(), 1, all.size(), file_));
    std::fseek(file_, 0, SEEK_END);
    return std::regex_replace(all, std::regex("[0-9]+(s|ms|us)(?=[ /])"), "#$1");  // times vary
  }
  void epoch(int64_t number, int64_t steps, const Logs& logs) {
    hooks_.on_epoch_begin(number, {});
    for (int64_t i = 0; i < steps; ++i) {
      hooks_.on_train_batch_begin(i, {});
      hooks_.on_train_batch_end(i, logs);
    }
    hooks_.on_test_begin({});
    hooks_.on_test_batch_end(0, {{"loss", 77.0}});
    hooks_.on_test_end({{"loss", 77.0}});
    hooks_.on_epoch_end(number, logs);
  }

  std::FILE* file_;
  ProgbarLogger logger_;
  Callback& hooks_;
};

TEST_F(ProgbarLoggerTest, WritesOneLineAnEpochElsewhereThanOnATerminal) {
  hooks_.set_params({.verbose = -1, .epochs = 2, .steps = 3});
  hooks_.on_train_begin({});
  epoch(0, 3, {{"loss", 0.5}});
  epoch(1, 3, {{"loss", 0.25}, {"val_loss", 2.0}});
  hooks_.on_train_end({});
  const std::string all = std::regex_replace(text(), std::regex("#(s|ms|us)/step"), "#/step");
  EXPECT_EQ(all, "Epoch 1/2\n3/3 - #s - #/step - loss: 0.5000\nEpoch 2/2\n3/3 - #s - #/step - loss: 0.2500 - val_loss: 2.0000\n");
}

TEST_F(ProgbarLoggerTest, OneEpochHasNoHeading) {
  hooks_.set_params({.verbose = 2, .epochs = 1, .steps = 3});
  hooks_.on_train_begin({});
  epoch(0, 3, {{"loss", 0.5}});
  EXPECT_THAT(text(), testing::StartsWith("3/3 - "));
}

TEST_F(ProgbarLoggerTest, DrawsABarAndKeepsTheValidationOutOfIt) {
  hooks_.set_params({.verbose = 1, .epochs = 2, .steps = 3});
  hooks_.on_train_begin({});
  epoch(0, 3, {{"loss", 0.5}});
  const std::string all = text();
  EXPECT_THAT(all, HasSubstr("Epoch 1/2\n\r"));
  EXPECT_THAT(all, HasSubstr("3/3"));
  // Blanks follow where the line before was longer: "99us" gives way to "100us" and back.
  EXPECT_THAT(all, testing::ContainsRegex(" - loss: 0\\.5000 *\n$"));
  EXPECT_THAT(all, Not(HasSubstr("77")));
}

TEST_F(ProgbarLoggerTest, ShowsAnEvaluationOfItsOwn) {
  hooks_.set_params({.verbose = 2, .steps = 1});
  hooks_.on_test_begin({});
  hooks_.on_test_batch_end(0, {{"loss", 77.0}});
  hooks_.on_test_end({{"loss", 77.0}});
  EXPECT_THAT(text(), HasSubstr("1/1 - #s - "));
  EXPECT_THAT(text(), HasSubstr(" - loss: 77.0000\n"));
}

TEST_F(ProgbarLoggerTest, APredictionHasNoMetrics) {
  hooks_.set_params({.verbose = 2, .steps = 2});
  hooks_.on_predict_begin({});
  hooks_.on_predict_batch_end(1, {});
  hooks_.on_predict_end({});
  EXPECT_THAT(text(), testing::MatchesRegex("2/2 - #s - #.?s/step\n"));
}

TEST_F(ProgbarLoggerTest, LearnsTheNumberOfStepsFromTheFirstEpoch) {
  hooks_.set_params({.verbose = 2, .epochs = 1});
  hooks_.on_train_begin({});
  epoch(0, 5, {{"loss", 0.5}});
  EXPECT_THAT(text(), testing::StartsWith("5/5 - "));
}

TEST_F(ProgbarLoggerTest, TheLastGroupOfFusedStepsDoesNotRunOverTheEnd) {
  setenv("NO_COLOR", "1", 1);
  hooks_.set_params({.verbose = 1, .epochs = 1, .steps = 5});
  hooks_.on_train_begin({});
  hooks_.on_epoch_begin(0, {});
  hooks_.on_train_batch_end(6, {{"loss", 0.5}});  // 7 steps a call, 5 in the epoch
  unsetenv("NO_COLOR");
  EXPECT_THAT(text(), HasSubstr("\r5/5 ━━━━━━━━━━━━━━━━━━━━ "));
}

TEST_F(ProgbarLoggerTest, SilentIsSilent) {
  hooks_.set_params({.verbose = 0, .epochs = 2, .steps = 3});
  hooks_.on_train_begin({});
  epoch(0, 3, {{"loss", 0.5}});
  EXPECT_EQ(text(), "");
  EXPECT_FALSE(hooks_.needs_batch_logs());
}

TEST_F(ProgbarLoggerTest, NeedsLogsOnlyWhenTheBarIsDue) {
  hooks_.set_params({.verbose = 1, .epochs = 1, .steps = 1000000});
  hooks_.on_train_begin({});
  hooks_.on_epoch_begin(0, {});
  EXPECT_TRUE(hooks_.needs_batch_logs());
  hooks_.on_train_batch_end(0, {{"loss", 0.5}});
  EXPECT_FALSE(hooks_.needs_batch_logs());  // it was drawn just now
}

}  // namespace
}  // namespace hornbeam::callbacks
