// Optimizers around others: scaled losses, one for each variable; and what single ones refuse.
#include <gtest/gtest.h>
#include <hornbeam/optimizers/adafactor.h>
#include <hornbeam/optimizers/adam.h>
#include <hornbeam/optimizers/ftrl.h>
#include <hornbeam/optimizers/lion.h>
#include <hornbeam/optimizers/loss_scale_optimizer.h>
#include <hornbeam/optimizers/multi_optimizer.h>
#include <hornbeam/optimizers/muon.h>
#include <hornbeam/optimizers/sgd.h>

#include <cmath>

#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using testing::evaluated;
using testing::expect_error;

Variable weight(const std::string& path, Shape shape = {1}) {
  size_t slash = path.rfind('/');
  NameScope scope(path.substr(0, slash));
  return Variable(
      {.name = path.substr(slash + 1), .shape = std::move(shape), .initializer = "ones", .trainable = true});
}

void step(const optimizers::Optimizer& optimizer, float gradient) {
  std::vector<Variable> state = optimizer.trainable_variables();
  std::vector<Array> gradients;
  for (const Variable& variable : state) {
    Array array(DType::float32, variable.shape());
    for (int64_t i = 0; i < array.num_elements(); ++i) array.set(i, gradient);
    gradients.push_back(array);
  }
  state.insert(state.end(), optimizer.variables().begin(), optimizer.variables().end());
  evaluated(
      [&](const Tensors& g) -> Tensors {
        optimizer.apply(g.flat());
        return {};
      },
      Arrays(gradients), state);
}

TEST(LossScaleOptimizer, LeavesOutAnUpdateThatOverflows) {
  optimizers::LossScaleOptimizer scaled(
      {.inner_optimizer = optimizers::SGD({.learning_rate = 0.5}), .initial_scale = 8.0, .dynamic_growth_steps = 2});
  Variable w = weight("dense/kernel");
  scaled.build({w});
  std::vector<std::string> paths;
  for (const Variable& variable : scaled.variables()) paths.push_back(variable.path());
  EXPECT_EQ(paths, (std::vector<std::string>{"loss_scale_optimizer/iteration", "loss_scale_optimizer/learning_rate",
                                             "loss_scale_optimizer/step_counter", "loss_scale_optimizer/dynamic_scale",
                                             "sgd/iteration", "sgd/learning_rate"}));
  auto scale = [&] { return scaled.variables()[3].value().get(0); };
  step(scaled, INFINITY);
  EXPECT_EQ(w.value().get(0), 1.0);
  EXPECT_EQ(scaled.iterations().value().get_int(0), 0);
  EXPECT_EQ(scale(), 4.0);
  step(scaled, 4.0f);  // a gradient of 1 times the scale
  EXPECT_EQ(w.value().get(0), 0.5);
  EXPECT_EQ(scale(), 4.0);
  step(scaled, 4.0f);
  EXPECT_EQ(scale(), 8.0);
  EXPECT_EQ(scaled.iterations().value().get_int(0), 2);
  EXPECT_EQ(scaled.learning_rate(), 0.5);
  scaled.set_learning_rate(0.25);
  EXPECT_EQ(scaled.inner_optimizer()->learning_rate(), 0.25);
}

TEST(MultiOptimizer, GivesEachVariableItsOptimizer) {
  optimizers::MultiOptimizer multi({.optimizer_map = optimizers::OptimizerMap(
                                        optimizers::SGD({.learning_rate = 0.5}),
                                        {{".*bias", optimizers::SGD({.learning_rate = 0.25, .name = "slow"})}})});
  Variable kernel = weight("dense/kernel"), bias = weight("dense/bias");
  multi.build({kernel, bias});
  step(multi, 1.0f);
  EXPECT_EQ(kernel.value().get(0), 0.5);
  EXPECT_EQ(bias.value().get(0), 0.75);
  EXPECT_EQ(multi.iterations().value().get_int(0), 1);
  EXPECT_EQ(multi.variables().size(), 6u);
  EXPECT_EQ(multi.variables()[2].path(), "slow/iteration");
  Optimizer again(Optimizer(multi).config());
  EXPECT_EQ(again.config(), Optimizer(multi).config());
  expect_error([&] { multi.learning_rate(); }, "cannot be accessed on a MultiOptimizer");
  expect_error([&] { multi.set_learning_rate(1.0); }, "cannot be set on a MultiOptimizer");
}

TEST(MultiOptimizer, RejectsWhatCannotBeInside) {
  using optimizers::OptimizerMap;
  expect_error([] { OptimizerMap{Optimizer()}; }, "Received: none");
  expect_error([] { OptimizerMap{optimizers::LossScaleOptimizer(Optimizer(optimizers::SGD()))}; },
               "cannot be LossScaleOptimizer");
  expect_error([] { OptimizerMap(optimizers::SGD(), {{"(", optimizers::SGD()}}); }, "no regular expression");
  expect_error(
      [] {
        OptimizerMap(optimizers::SGD(), {{"a", optimizers::SGD()}, {"a", optimizers::SGD()}});
      },
      "already exists");
  OptimizerMap map(optimizers::SGD(), {{".*kernel", optimizers::SGD()}, {"dense.*", optimizers::SGD()}});
  expect_error([&] { map.of(weight("dense/kernel")); }, "Multiple optimizers assigned");
}

TEST(Optimizers, VariablesCanBeLeftOutOfWeightDecay) {
  optimizers::SGD sgd({.learning_rate = 0.5, .weight_decay = 0.5});
  Variable kernel = weight("dense/kernel"), bias = weight("dense/bias");
  sgd.exclude_variables_from_weight_decay({bias});
  sgd.build({kernel, bias});
  step(sgd, 0.0f);
  EXPECT_EQ(kernel.value().get(0), 0.75);
  EXPECT_EQ(bias.value().get(0), 1.0);
}

TEST(Optimizers, AdafactorKeepsFactorsOfMatrices) {
  optimizers::Adafactor adafactor;
  adafactor.build({weight("dense/kernel", {2, 3}), weight("dense/bias", {3})});
  std::vector<Shape> shapes;
  for (const Variable& variable : adafactor.variables()) shapes.push_back(variable.shape());
  EXPECT_EQ(shapes, (std::vector<Shape>{{}, {}, {2}, {3}, {2, 3}, {}, {}, {3}}));  // as in Keras' files
}

TEST(Optimizers, MuonMovesMatricesAlongOrthogonalSteps) {
  optimizers::Muon muon({.learning_rate = 1.0, .adam_weight_decay = {}, .weight_decay = {}, .rms_rate = {}});
  Variable w = weight("dense/kernel", {2, 2}), embedding = weight("embedding/embeddings", {2, 2});
  muon.build({w, embedding});
  EXPECT_EQ(muon.variables().size(), 2u + 1 + 2);  // only what Adam updates has a velocity
  step(muon, 3.0f);
  // The gradient has rank one: its step is near the one of norm one, (1/2, 1/2; 1/2, 1/2).
  for (int64_t i = 0; i < 4; ++i) EXPECT_NEAR(1.0 - w.value().get(i), 0.5, 0.2);
}

TEST(Optimizers, RejectBadOptions) {
  expect_error([] { optimizers::Lion({.beta_1 = 0.0}); }, "degenerates to SignSGD");
  expect_error([] { optimizers::Ftrl({.learning_rate_power = 0.5}); }, "`learning_rate_power` needs to be negative");
  expect_error([] { optimizers::Ftrl({.l1_regularization_strength = -1.0}); }, "needs to be positive or zero");
  expect_error([] { optimizers::Muon({.exclude_layers = {"("}}); }, "is no regular expression");
  expect_error([] { optimizers::LossScaleOptimizer(optimizers::LossScaleOptimizerOptions{}); },
               "`inner_optimizer` is needed");
  expect_error(
      [] { optimizers::LossScaleOptimizer({.inner_optimizer = optimizers::SGD(), .dynamic_growth_steps = 0}); },
      "`dynamic_growth_steps` must be positive");
}

}  // namespace
}  // namespace hornbeam
