// Random numbers: what distributions they follow, that seeds decide them, bad
// options.
#include <gtest/gtest.h>
#include <hornbeam/ops.h>
#include <hornbeam/random/distributions.h>

#include <cmath>
#include <functional>

#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using testing::expect_error;

constexpr int64_t kNumber = 40000;

struct Moments {
  double mean = 0, variance = 0, least = INFINITY, most = -INFINITY;
};

Moments moments(const Array &x) {
  Moments m;
  const auto n = static_cast<double>(x.num_elements());
  for (int64_t i = 0; i < x.num_elements(); ++i) {
    m.mean += x.get(i) / n;
    m.least = std::min(m.least, x.get(i));
    m.most = std::max(m.most, x.get(i));
  }
  for (int64_t i = 0; i < x.num_elements(); ++i) m.variance += (x.get(i) - m.mean) * (x.get(i) - m.mean) / n;
  return m;
}

// The mean of so many numbers is within five of its standard deviations; the
// variance within a few percent.
void expect_moments(const Tensor &x, double mean, double variance, double share = 0.06) {
  Moments got = moments(x.array());
  const auto n = static_cast<double>(x.array().num_elements());
  EXPECT_NEAR(got.mean, mean, 5 * std::sqrt(variance / n));
  EXPECT_NEAR(got.variance, variance, share * variance);
}

TEST(Random, UniformNumbersFillTheirRange) {
  Tensor x = random::uniform({kNumber}, -1.0, 3.0, DType::float32, 7);
  expect_moments(x, 1.0, 16.0 / 12);
  EXPECT_GE(moments(x.array()).least, -1.0);
  EXPECT_LT(moments(x.array()).most, 3.0);
}

TEST(Random, NormalNumbersHaveTheirMoments) {
  Tensor x = random::normal({200, kNumber / 200}, 2.0, 3.0, DType::float32, 1);
  expect_moments(x, 2.0, 9.0);
  Array array = x.array();
  int64_t within = 0;
  for (int64_t i = 0; i < array.num_elements(); ++i) within += std::abs(array.get(i) - 2.0) < 3.0;
  EXPECT_NEAR(static_cast<double>(within) / kNumber, 0.6827, 0.012);
  EXPECT_EQ(random::normal({4}, 0.0, 1.0, DType::bfloat16, 1).dtype(), DType::bfloat16);
}

TEST(Random, TruncatedNormalNumbersStayWithinTwoDeviations) {
  Tensor x = random::truncated_normal({kNumber}, 1.0, 0.5, DType::float32, 3);
  expect_moments(x, 1.0, 0.25 * 0.77413);
  EXPECT_GE(moments(x.array()).least, 0.0);
  EXPECT_LE(moments(x.array()).most, 2.0);
}

TEST(Random, IntegersAreEven) {
  Array x = random::randint({kNumber}, -3, 5, DType::int32, 9).array();
  std::vector<int> counts(8);
  for (int64_t i = 0; i < kNumber; ++i) {
    ASSERT_GE(x.get_int(i), -3);
    ASSERT_LT(x.get_int(i), 5);
    ++counts[static_cast<size_t>(x.get_int(i) + 3)];
  }
  for (int count : counts) EXPECT_NEAR(count, kNumber / 8, 5 * std::sqrt(kNumber / 8.0));
}

TEST(Random, CategoricalFollowsTheSoftmax) {
  Array logits = Array::of<float>({2, 3}, {0.0f, std::log(2.0f), std::log(5.0f), -50.0f, 0.0f, -50.0f});
  Array x = random::categorical(logits, kNumber, DType::int32, 4).array();
  ASSERT_EQ(x.shape(), Shape({2, kNumber}));
  std::vector<double> shares(3);
  for (int64_t i = 0; i < kNumber; ++i) shares[static_cast<size_t>(x.get_int(i))] += 1.0 / kNumber;
  EXPECT_NEAR(shares[0], 0.125, 0.01);
  EXPECT_NEAR(shares[1], 0.25, 0.012);
  EXPECT_NEAR(shares[2], 0.625, 0.013);
  for (int64_t i = kNumber; i < 2 * kNumber; ++i) ASSERT_EQ(x.get_int(i), 1);
}

TEST(Random, DropoutKeepsTheMeanAndDecidesOnceAlongAxesOfOne) {
  Array ones(DType::float32, {100, 40, 10});
  for (int64_t i = 0; i < ones.num_elements(); ++i) ones.set(i, 1.0);
  Array x = random::dropout(ones, 0.3, Shape({-1, 1, 10}), 5).array();
  EXPECT_NEAR(moments(x).mean, 1.0, 0.12);
  for (int64_t i = 0; i < 100; ++i)
    for (int64_t k = 0; k < 10; ++k)
      for (int64_t j = 1; j < 40; ++j) ASSERT_EQ(x.get((i * 40 + j) * 10 + k), x.get(i * 400 + k));
  for (int64_t i = 0; i < x.num_elements(); ++i)
    ASSERT_TRUE(x.get(i) == 0.0 || std::abs(x.get(i) - 1 / 0.7) < 1e-6) << x.get(i);
}

TEST(Random, ShuffleGivesEachRowOnce) {
  Array rows = Array::of<int32_t>({6, 2}, {0, 10, 1, 11, 2, 12, 3, 13, 4, 14, 5, 15});
  Array x = testing::evaluated([](const Tensors &in) -> Tensors { return random::shuffle(in.single(), 0, 2); },
                               Arrays(rows))[0];
  std::vector<int> seen(6);
  bool moved = false;
  for (int64_t i = 0; i < 6; ++i) {
    EXPECT_EQ(x.get_int(2 * i + 1), x.get_int(2 * i) + 10);
    ++seen[static_cast<size_t>(x.get_int(2 * i))];
    moved = moved || x.get_int(2 * i) != i;
  }
  EXPECT_EQ(seen, std::vector<int>(6, 1));
  EXPECT_TRUE(moved);
}

TEST(Random, GammaNumbersHaveTheirMomentsAboveAndBelowOne) {
  for (double alpha : {0.4, 1.0, 3.5}) {
    SCOPED_TRACE(alpha);
    expect_moments(random::gamma({kNumber}, alpha, DType::float32, 11), alpha, alpha, 0.1);
  }
  Array two = Array::of<float>({2}, {0.5f, 8.0f});  // broadcast along the last axis
  Array x = random::gamma({kNumber, 2}, two, DType::float32, 12).array();
  double first = 0, second = 0;
  for (int64_t i = 0; i < kNumber; ++i) first += x.get(2 * i) / kNumber, second += x.get(2 * i + 1) / kNumber;
  EXPECT_NEAR(first, 0.5, 0.03);
  EXPECT_NEAR(second, 8.0, 0.08);
}

TEST(Random, BetaNumbersHaveTheirMoments) {
  const double a = 2.0, b = 5.0;
  Tensor x = random::beta({kNumber}, a, b, DType::float32, 13);
  expect_moments(x, a / (a + b), a * b / ((a + b) * (a + b) * (a + b + 1)));
  EXPECT_GE(moments(x.array()).least, 0.0);
  EXPECT_LE(moments(x.array()).most, 1.0);
}

TEST(Random, BinomialNumbersHaveTheirMomentsByEitherMethod) {
  for (auto [n, p] : {std::pair(5.0, 0.3), std::pair(12.0, 0.9), std::pair(60.0, 0.4), std::pair(1000.0, 0.75)}) {
    SCOPED_TRACE(std::to_string(n) + ", " + std::to_string(p));
    Tensor x = random::binomial({kNumber}, n, p, DType::float32, 14);
    expect_moments(x, n * p, n * p * (1 - p));
    EXPECT_GE(moments(x.array()).least, 0.0);
    EXPECT_LE(moments(x.array()).most, n);
    for (int64_t i = 0; i < 100; ++i) ASSERT_EQ(x.array().get(i), std::floor(x.array().get(i)));
  }
}

TEST(Random, ASeedDecidesAndAGeneratorMovesOn) {
  auto draw = [](const random::Seed &seed) {
    return random::uniform({3}, 0.0, 1.0, DType::float32, seed).array().get(0);
  };
  EXPECT_EQ(draw(5), draw(5));
  EXPECT_NE(draw(5), draw(6));
  random::SeedGenerator one(5), other(5);
  double first = draw(one), second = draw(one);
  EXPECT_NE(first, second);
  EXPECT_EQ(first, draw(other));
  set_random_seed(1);
  double anew = draw({});
  EXPECT_NE(anew, draw({}));
  set_random_seed(1);
  EXPECT_EQ(anew, draw({}));
}

TEST(Random, RejectsBadOptions) {
  expect_error([] { random::uniform({2}, 0.0, 1.0, DType::int32); }, "requires a floating point `dtype`");
  expect_error([] { random::randint({2}, 0, 3, DType::float32); }, "requires an integer `dtype`");
  expect_error([] { random::randint({2}, 3, 3); }, "minval < maxval");
  expect_error([] { random::categorical(Array::of<float>({2}, {0, 1}), 3); }, "2-D tensor");
  expect_error([] { random::dropout(Array::of<float>({2}, {0, 1}), 1.5); }, "between 0 and 1");
}

}  // namespace
}  // namespace hornbeam
