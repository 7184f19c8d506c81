// Losses: logits recovered from a final softmax or sigmoid, names, bad options.
#include <gtest/gtest.h>
#include <hornbeam/gradient.h>
#include <hornbeam/losses/binary_crossentropy.h>
#include <hornbeam/losses/categorical_crossentropy.h>
#include <hornbeam/losses/mean_squared_error.h>
#include <hornbeam/losses/sparse_categorical_crossentropy.h>
#include <hornbeam/ops.h>

#include <cmath>

#include "frontend/src/losses/resolve.h"
#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using testing::expect_error;
using testing::number;

const Array kLogits = Array::of<float>({1, 2}, {0.0f, 50.0f});

// The probability of class 0 is e^-50: clipped at 1e-7 the loss would be 16.1.
TEST(Crossentropy, StartsFromTheLogitsOfASoftmax) {
  Array one_hot = Array::of<float>({1, 2}, {1.0f, 0.0f}), label = Array::of<int32_t>({1}, {0});
  EXPECT_NEAR(number([&](const Tensors& x) { return losses::CategoricalCrossentropy()(one_hot, ops::softmax(x[0])); },
                     Arrays(kLogits)),
              50, 1e-4);
  EXPECT_NEAR(
      number([&](const Tensors& x) { return losses::SparseCategoricalCrossentropy()(label, ops::softmax(x[0])); },
             Arrays(kLogits)),
      50, 1e-4);
}

TEST(Crossentropy, StartsFromTheLogitsOfASigmoid) {
  Array label = Array::of<float>({1, 2}, {0.0f, 0.0f});
  EXPECT_NEAR(
      number(
          [&](const Tensors& x) { return losses::BinaryCrossentropy({.reduction = "sum"})(label, ops::sigmoid(x[0])); },
          Arrays(kLogits)),
      (std::log(2.0) + 50) / 2, 1e-4);
}

TEST(Crossentropy, ALogitOfZeroHasAGradient) {
  Array label = Array::of<float>({1, 1}, {1.0f});
  losses::BinaryCrossentropy loss({.from_logits = true});
  auto slope = [&](const Tensors& x) {
    return grad([&](const std::vector<Tensor>& xs) { return loss(label, xs[0]); }, {x[0]}).at(0);
  };
  EXPECT_EQ(number(slope, Arrays(Array::of<float>({1, 1}, {0.0f}))), -0.5);
}

TEST(Crossentropy, ClipsOtherProbabilities) {
  Array p = Array::of<float>({1, 2}, {0.0f, 1.0f}), label = Array::of<int32_t>({1}, {0});
  EXPECT_NEAR(number([&](const Tensors& x) { return losses::SparseCategoricalCrossentropy()(label, x[0]); }, Arrays(p)),
              -std::log(1e-7), 1e-3);
}

TEST(Crossentropy, IgnoringEverySampleGivesZero) {
  Array labels = Array::of<int32_t>({2}, {-1, -1}), logits = Array::of<float>({2, 3}, {1, 2, 3, 4, 5, 6});
  losses::SparseCategoricalCrossentropy loss({.from_logits = true, .ignore_class = -1});
  EXPECT_EQ(number([&](const Tensors& x) { return loss(labels, x[0]); }, Arrays(logits)), 0);
}

TEST(Loss, TakesASampleWeightOverAllOfASamplesValues) {
  Array y = Array::of<float>({2, 2, 1}, {0, 0, 0, 0}), p = Array::of<float>({2, 2, 1}, {1, 1, 2, 2});
  Array weight = Array::of<float>({2}, {3, 0});
  EXPECT_EQ(number([&](const Tensors& x) { return losses::MeanSquaredError({.reduction = "sum"})(y, x[0], weight); },
                   Arrays(p)),
            6);
}

TEST(Loss, MeanOverAnEmptyMaskIsZero) {
  Array y = Array::of<float>({2, 1}, {0, 0}), p = Array::of<float>({2, 1}, {1, 2});
  Array mask = Array::of<bool>({2}, {false, false});
  EXPECT_EQ(number([&](const Tensors& x) { return losses::MeanSquaredError()(y, x[0], {}, mask); }, Arrays(p)), 0);
}

TEST(Loss, RejectsBadOptions) {
  expect_error([] { losses::MeanSquaredError({.reduction = "sums"}); },
               "[mean_squared_error] Invalid `reduction`: 'sums'");
  expect_error([] { losses::BinaryCrossentropy({.label_smoothing = 1.5}); }, "`label_smoothing` must be in [0, 1]");
  expect_error([] { losses::CategoricalCrossentropy({.label_smoothing = -0.1}); },
               "`label_smoothing` must be in [0, 1]");
}

TEST(Loss, IsFoundByName) {
  EXPECT_EQ(Loss("mse").config().at("class_name").as_string(), "MeanSquaredError");
  EXPECT_EQ(Loss("BinaryCrossentropy").config().at("class_name").as_string(), "BinaryCrossentropy");
  expect_error([] { Loss("mean_sqared_error"); }, "mean_squared_error");
}

TEST(Loss, CrossentropyIsWhatTheLabelsAre) {
  auto class_of = [](const char* name, Shape y, Shape p) {
    return losses::resolve(name, y, p).config().at("class_name").as_string();
  };
  EXPECT_EQ(class_of("crossentropy", {8, 1}, {8, 1}), "BinaryCrossentropy");
  EXPECT_EQ(class_of("ce", {8}, {8, 3}), "SparseCategoricalCrossentropy");
  EXPECT_EQ(class_of("ce", {8, 1}, {8, 3}), "SparseCategoricalCrossentropy");
  EXPECT_EQ(class_of("CE", {8, 3}, {8, 3}), "CategoricalCrossentropy");
  EXPECT_EQ(class_of("mae", {8, 3}, {8, 3}), "MeanAbsoluteError");
}

}  // namespace
}  // namespace hornbeam
