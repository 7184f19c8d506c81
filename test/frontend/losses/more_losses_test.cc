// Losses: options that Keras leaves out of a config, values at the edges, bad options, losses from functions.
#include <concepts>

#include <gtest/gtest.h>
#include <hornbeam/losses/binary_focal_crossentropy.h>
#include <hornbeam/losses/categorical_focal_crossentropy.h>
#include <hornbeam/losses/categorical_generalized_cross_entropy.h>
#include <hornbeam/losses/circle.h>
#include <hornbeam/losses/cosine_similarity.h>
#include <hornbeam/losses/dice.h>
#include <hornbeam/losses/hinge.h>
#include <hornbeam/losses/huber.h>
#include <hornbeam/losses/log_cosh.h>
#include <hornbeam/losses/loss_function_wrapper.h>
#include <hornbeam/losses/tversky.h>
#include <hornbeam/ops.h>

#include <cmath>

#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using testing::evaluated;
using testing::expect_error;

Array vector(std::vector<float> values) {
  auto size = static_cast<int64_t>(values.size());
  return Array::of<float>({1, size}, std::move(values));
}

double value(const Loss& loss, const Array& y_true, const Array& y_pred) {
  auto call = [&](const Tensors& x) -> Tensors { return (*loss)(x[0], x[1]); };
  return evaluated(call, Arrays({y_true, y_pred})).at(0).get(0);
}

TEST(Losses, KeepOptionsThatKerasLosesInAConfig) {
  Loss huber = losses::Huber({.delta = 2.0}), again(huber.config());
  EXPECT_EQ(again.config(), huber.config());
  EXPECT_NEAR(value(again, vector({0}), vector({3})), 2 * 3 - 2, 1e-6);
  Loss cosine = losses::CosineSimilarity({.axis = 0});
  EXPECT_EQ(Loss(cosine.config()).config().at("config").at("axis").as_int(), 0);
  EXPECT_FALSE(Loss(losses::Huber()).config().at("config").contains("delta"));
}

TEST(Losses, AreKnownByKerasNames) {
  for (const char* name : {"mape", "msle", "kld", "logcosh", "huber", "hinge", "squared_hinge", "categorical_hinge",
                           "poisson", "cosine_similarity", "dice", "tversky", "circle", "binary_focal_crossentropy",
                           "categorical_focal_crossentropy", "kullback_leibler_divergence"})
    EXPECT_TRUE(Loss(name).valid()) << name;
}

TEST(Losses, HingeTakesLabelsOfZeroAndOneForSigns) {
  losses::Hinge hinge;
  EXPECT_NEAR(value(hinge, vector({0, 1}), vector({0.5f, 0.5f})), (1.5 + 0.5) / 2, 1e-6);
  EXPECT_NEAR(value(hinge, vector({-1, 1}), vector({0.5f, 0.5f})), (1.5 + 0.5) / 2, 1e-6);
  EXPECT_NEAR(value(hinge, vector({0.5f, 1}), vector({1, 1})), (0.5 + 0) / 2, 1e-6);  // others stay
}

TEST(Losses, StayFiniteFarOut) {
  EXPECT_NEAR(value(losses::LogCosh(), vector({0}), vector({1000})), 1000 - std::log(2.0), 1e-3);
  EXPECT_EQ(value(losses::CosineSimilarity(), vector({0, 0}), vector({1, 2})), 0);
}

TEST(Losses, CircleCountsOnlySamplesWithPairsOfBothKinds) {
  Array labels = Array::of<int32_t>({3}, {1, 1, 1});  // no negative pair
  Array same = Array::of<float>({3, 2}, {1, 0, 0, 1, 1, 0});
  EXPECT_EQ(value(losses::Circle(), labels, same), 0);
  Array two = Array::of<int32_t>({3}, {1, 1, 2});
  EXPECT_GT(value(losses::Circle(), two, same), 0);
}

TEST(Losses, AxesAreNoneOneOrSeveral) {
  EXPECT_TRUE(losses::Dice().config().at("axis").is_null());
  EXPECT_EQ(losses::Dice({.axis = -1}).config().at("axis").as_int(), -1);
  EXPECT_EQ(losses::Tversky({.axis = {1, 2}}).config().at("axis").size(), 2u);
}

TEST(Losses, AFunctionCanBeOne) {
  losses::LossFunctionWrapper loss([](const Tensor& y, const Tensor& p) { return ops::abs(y - p); },
                                   {.reduction = "sum", .name = "distance"});
  EXPECT_EQ(loss.name(), "distance");
  EXPECT_EQ(value(loss, vector({1, 2}), vector({3, -1})), 5);
}

TEST(Losses, AHandleTakesAFunction) {
  Loss handle = [](const Tensor& y, const Tensor& p) { return ops::abs(y - p); };
  EXPECT_EQ(value(handle, vector({1, 2}), vector({3, -1})), 2.5);  // the mean, as Keras' wrapper
  static_assert(!std::convertible_to<int, Loss>);
}

TEST(Losses, RejectBadOptions) {
  expect_error([] { losses::CategoricalGeneralizedCrossEntropy({.q = 1.0}); }, "`q` must be in the interval (0, 1)");
  expect_error([] { losses::BinaryFocalCrossentropy({.label_smoothing = 2.0}); },
               "`label_smoothing` must be in [0, 1]");
  expect_error([] { losses::CategoricalFocalCrossentropy({.label_smoothing = -1.0}); }, "`label_smoothing`");
  expect_error([] { losses::Dice({.reduction = "avg"}); }, "Invalid `reduction`: 'avg'");
}

TEST(Losses, FocalAlphaIsANumberOrOneForEachClass) {
  losses::CategoricalFocalCrossentropy one({.alpha = 0.5}), each({.alpha = {0.5, 1.0}});
  EXPECT_EQ(one.config().at("alpha").as_double(), 0.5);
  EXPECT_EQ(each.config().at("alpha").size(), 2u);
  Array truth = vector({0, 1}), prediction = vector({0.25f, 0.75f});
  EXPECT_NEAR(value(each, truth, prediction), 2 * value(one, truth, prediction), 1e-6);
}

}  // namespace
}  // namespace hornbeam
