// Config: values, JSON text and back.
#include <hornbeam/config.h>

#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <hornbeam/base/error.h>

#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using testing::expect_error;

TEST(Config, KeepsOrderAndTellsIntegersFromFloats) {
  Config config = Config::object(
      {{"units", 10}, {"rate", 1.0}, {"name", "a\"b"}, {"axis", Config::array({1, 2})}, {"seed", nullptr}});
  EXPECT_EQ(config.to_json(), R"({"units": 10, "rate": 1.0, "name": "a\"b", "axis": [1, 2], "seed": null})");
  EXPECT_EQ(Config::parse(config.to_json()), config);
}

TEST(Config, ReadsNumbersOfBothKinds) {
  Config config = Config::parse(R"({"i": 3, "f": 0.25, "whole": 4.0})");
  int64_t i = 0;
  double f = 0, from_int = 0;
  config.read("i", i);
  config.read("f", f);
  config.read("i", from_int);
  EXPECT_EQ(i, 3);
  EXPECT_EQ(f, 0.25);
  EXPECT_EQ(from_int, 3.0);
  config.read("whole", i);
  EXPECT_EQ(i, 4);
  EXPECT_THROW(config.read("f", i), TypeError);
  config.read("missing", i);
  EXPECT_EQ(i, 4);
}

TEST(Config, ReadsPythonsConstantsOutsideOfStrings) {
  Config config = Config::parse(R"([NaN, Infinity, -Infinity, "NaN -Infinity \" NaN"])");
  EXPECT_TRUE(std::isnan(config[0].as_double()));
  EXPECT_EQ(config[1].as_double(), std::numeric_limits<double>::infinity());
  EXPECT_EQ(config[2].as_double(), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(config[3].as_string(), "NaN -Infinity \" NaN");
}

TEST(Config, KeepsDoublesExactly) {
  for (double value : {0.1, 1e-7, 0.00392156862745098, 1e300, 5e-324, -0.0}) {
    double back = Config::parse(Config(value).to_json()).as_double();
    EXPECT_EQ(std::memcmp(&back, &value, sizeof value), 0) << value;
  }
}

TEST(Config, RejectsWhatIsNoJson) {
  expect_error([] { Config::parse("{\"a\": }"); }, "not valid JSON");
  expect_error([] { Config::parse("[1, 2] 3"); }, "not valid JSON");
  expect_error([] { Config::parse(std::string(600, '[') + std::string(600, ']')); }, "nested deeper");
}

TEST(Config, HoldsShapesWithUnknownAxes) {
  Config config = Config::object({{"shape", Shape{kUnknown, 28}}});
  EXPECT_EQ(config.to_json(), R"({"shape": [null, 28]})");
  EXPECT_EQ(config.at("shape").as_shape(), (Shape{kUnknown, 28}));
}

}  // namespace
}  // namespace hornbeam
