// The progress bar against what Keras 3.15 prints for the same steps at the same times (its backspaces left out: the
// carriage return alone goes to the same place).
#include "frontend/src/callbacks/progbar.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hornbeam::callbacks {
namespace {

using ::testing::ElementsAre;

// A bar whose time the test sets and whose text it keeps.
struct Recorder {
  explicit Recorder(ProgbarOptions options)
      : bar(std::move(options), [this] { return now; }, [this](std::string_view text) { lines.emplace_back(text); }) {}
  void at(double seconds, int64_t current, const ProgbarValues& values, bool finalize = false) {
    now = 100.0 + seconds;
    bar.update(current, values, finalize);
  }
  double now = 100.0;
  std::vector<std::string> lines;
  Progbar bar;
};

TEST(Progbar, RedrawsInPlaceAndEndsTheLine) {
  Recorder r({.target = 1875});
  r.at(0.5, 1, {{"accuracy", 0.5}, {"loss", 2.0}});
  r.at(0.52, 2, {{"accuracy", 0.5}, {"loss", 2.0}});  // within the interval: not drawn
  r.at(1.5, 940, {{"accuracy", 0.75}, {"loss", 0.5}});
  r.at(4.2, 1875, {{"accuracy", 0.8}, {"loss", 0.0005}, {"val_loss", 0.001}}, true);
  EXPECT_THAT(
      r.lines,
      ElementsAre("\r\x1b[1m   1/1875\x1b[0m \x1b[37m━━━━━━━━━━━━━━━━━━━━\x1b[0m \x1b[1m15:37\x1b[0m 500ms/step - "
                  "accuracy: 0.5000 - loss: 2.0000",
                  "\r\x1b[1m 940/1875\x1b[0m \x1b[32m━━━━━━━━━━\x1b[0m\x1b[37m━━━━━━━━━━\x1b[0m \x1b[1m0s\x1b[0m "
                  "1ms/step - accuracy: 0.7500 - loss: 0.5000     ",
                  "\r\x1b[1m1875/1875\x1b[0m \x1b[32m━━━━━━━━━━━━━━━━━━━━\x1b[0m\x1b[37m\x1b[0m \x1b[1m4s\x1b[0m "
                  "2ms/step - accuracy: 0.8000 - loss: 5.0000e-04 - val_loss: 1.0000e-03\n"));
}

TEST(Progbar, WritesMinutesAndHours) {
  Recorder r({.target = 10});
  r.at(200, 1, {{"loss", 1.0}});
  r.at(9000, 2, {{"loss", 1.0}});
  r.at(9500, 10, {{"loss", 1.0}}, true);
  EXPECT_THAT(r.lines,
              ElementsAre("\r\x1b[1m 1/10\x1b[0m \x1b[32m━━\x1b[0m\x1b[37m━━━━━━━━━━━━━━━━━━\x1b[0m \x1b[1m30:00\x1b[0m "
                          "200s/step - loss: 1.0000",
                          "\r\x1b[1m 2/10\x1b[0m \x1b[32m━━━━\x1b[0m\x1b[37m━━━━━━━━━━━━━━━━\x1b[0m \x1b[1m19:33:20\x1b[0m "
                          "8800s/step - loss: 1.0000",
                          "\r\x1b[1m10/10\x1b[0m \x1b[32m━━━━━━━━━━━━━━━━━━━━\x1b[0m\x1b[37m\x1b[0m \x1b[1m9500s\x1b[0m "
                          "1033s/step - loss: 1.0000   \n"));
}

TEST(Progbar, CountsUpWithoutATarget) {
  Recorder r({});
  r.at(0.5, 1, {{"loss", 1.0}});
  r.at(1.5, 20, {{"loss", 1.0}});
  EXPECT_THAT(r.lines, ElementsAre("\r      1/Unknown \x1b[1m0s\x1b[0m 500ms/step - loss: 1.0000",
                                   "\r     20/Unknown \x1b[1m2s\x1b[0m 53ms/step - loss: 1.0000 "));
}

TEST(Progbar, KeepsValuesThatAreNotGivenAgain) {
  Recorder r({.target = 3});
  r.at(1, 2, {{"loss", 123456.0}});
  r.at(3, 3, {{"l", 1.0}}, true);
  EXPECT_EQ(r.lines.back(),
            "\r\x1b[1m3/3\x1b[0m \x1b[32m━━━━━━━━━━━━━━━━━━━━\x1b[0m\x1b[37m\x1b[0m \x1b[1m3s\x1b[0m 1s/step - "
            "loss: 123456.0000 - l: 1.0000\n");
}

TEST(Progbar, WritesNan) {
  Recorder r({.target = 1});
  r.at(0, 1, {{"loss", std::numeric_limits<double>::quiet_NaN()}, {"l", -std::numeric_limits<double>::quiet_NaN()}}, true);
  EXPECT_THAT(r.lines.back(), ::testing::EndsWith("0s/step - loss: nan - l: nan\n"));
}

TEST(Progbar, OneLineWhenFinished) {
  Recorder r({.target = 1875, .verbose = 2});
  r.at(1, 900, {{"accuracy", 0.5}});
  r.at(4.2, 1875, {{"accuracy", 0.8}, {"loss", 0.0005}, {"z", -2.0}}, true);
  EXPECT_THAT(r.lines,
              ElementsAre("1875/1875 - 4s - 2ms/step - accuracy: 0.8000 - loss: 5.0000e-04 - z: -2.0000e+00\n"));
}

TEST(Progbar, SaysNothingWhenSilent) {
  Recorder r({.target = 2, .verbose = 0});
  r.at(1, 1, {{"loss", 1.0}});
  r.at(2, 2, {{"loss", 1.0}}, true);
  EXPECT_TRUE(r.lines.empty());
}

TEST(Progbar, WithoutColorTheRestOfTheBarIsBlank) {
  Recorder r({.target = 4, .width = 8, .color = false});
  r.at(1, 2, {{"loss", 1.0}});
  EXPECT_EQ(r.lines.back(), "\r2/4 ━━━━     1s 500ms/step - loss: 1.0000");
}

}  // namespace
}  // namespace hornbeam::callbacks
