// Initializers: seeds, fans, bad options. Their distributions are checked by the conformance cases.
#include <gtest/gtest.h>
#include <hornbeam/initializers/glorot_uniform.h>
#include <hornbeam/initializers/identity.h>
#include <hornbeam/initializers/orthogonal.h>
#include <hornbeam/initializers/random_normal.h>
#include <hornbeam/initializers/stft.h>
#include <hornbeam/initializers/variance_scaling.h>
#include <hornbeam/random.h>

#include "frontend/src/initializers/sampling.h"
#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using testing::expect_error;

bool equal(const Array& a, const Array& b) {
  return a.shape() == b.shape() && std::memcmp(a.data(), b.data(), a.bytes()) == 0;
}

TEST(Initializer, ASeedGivesTheSameNumbersEveryTime) {
  initializers::RandomNormal seven({.seed = 7}), eight({.seed = 8});
  EXPECT_TRUE(equal(seven.call({20}, DType::float32), seven.call({20}, DType::float32)));
  EXPECT_FALSE(equal(seven.call({20}, DType::float32), eight.call({20}, DType::float32)));
}

TEST(Initializer, WithoutASeedNumbersFollowFromTheRandomSeed) {
  initializers::GlorotUniform random;
  set_random_seed(5);
  Array first = random.call({4, 5}, DType::float32), second = random.call({4, 5}, DType::float32);
  EXPECT_FALSE(equal(first, second));
  set_random_seed(5);
  EXPECT_TRUE(equal(random.call({4, 5}, DType::float32), first));
}

TEST(Initializer, FansAreKeras) {
  using Fans = std::pair<int64_t, int64_t>;
  EXPECT_EQ(initializers::compute_fans({}), Fans(1, 1));
  EXPECT_EQ(initializers::compute_fans({7}), Fans(7, 7));
  EXPECT_EQ(initializers::compute_fans({3, 5}), Fans(3, 5));
  EXPECT_EQ(initializers::compute_fans({2, 3, 5, 7}), Fans(30, 42));
  EXPECT_EQ(initializers::compute_fans({2, 3, 5}, {0}, {1, 2}), Fans(2, 15));
  expect_error([] { initializers::compute_fans({2, 3}, {5}, {0}); }, "axis 5 is out of bounds");
}

TEST(Initializer, KeepsOtherDTypes) {
  EXPECT_EQ(Initializer("ones")->call({2}, DType::bfloat16).get(1), 1);
  EXPECT_EQ(Initializer("ones")->call({2}, DType::int32).get_int(1), 1);
  EXPECT_EQ(Initializer("he_normal")->call({2, 2}, DType::float16).dtype(), DType::float16);
}

TEST(Initializer, RejectsBadOptionsAndShapes) {
  expect_error([] { initializers::VarianceScaling({.scale = 0}); }, "`scale` must be positive");
  expect_error([] { initializers::VarianceScaling({.mode = "fan_inn"}); }, "fan_in");
  expect_error([] { initializers::VarianceScaling({.distribution = "unifrom"}); }, "uniform");
  expect_error([] { initializers::Orthogonal().call({3}, DType::float32); }, "at least two-dimensional");
  expect_error([] { initializers::Identity().call({3}, DType::float32); }, "2D matrices");
  expect_error([] { initializers::STFT({.window = "han"}); }, "hann");
  expect_error([] { Initializer("glorot_unifrom"); }, "glorot_uniform");
}

TEST(Initializer, MakesEmptyArrays) {
  EXPECT_EQ(initializers::GlorotUniform().call({0, 3}, DType::float32).num_elements(), 0);
  EXPECT_EQ(initializers::Orthogonal().call({0, 3}, DType::float32).num_elements(), 0);
  EXPECT_EQ(initializers::Orthogonal().call({3, 0}, DType::float32).num_elements(), 0);
}

}  // namespace
}  // namespace hornbeam
