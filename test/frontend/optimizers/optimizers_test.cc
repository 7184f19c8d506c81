// Optimizers: variables and their names, rates and schedules, bad options.
#include <gtest/gtest.h>
#include <hornbeam/constraints/non_neg.h>
#include <hornbeam/optimizers/adam.h>
#include <hornbeam/optimizers/sgd.h>
#include <hornbeam/schedules/exponential_decay.h>
#include <hornbeam/schedules/piecewise_constant_decay.h>

#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using testing::evaluated;
using testing::expect_error;

Variable weight(float value = 1.0f) { return Variable(Array::of<float>({1}, {value}), "kernel", true); }

// One step with gradient 1 for each variable.
void step(const optimizers::Optimizer& optimizer, std::vector<Variable> state) {
  std::vector<Array> ones(optimizer.trainable_variables().size(), Array::of<float>({1}, {1.0f}));
  state.insert(state.end(), optimizer.variables().begin(), optimizer.variables().end());
  evaluated(
      [&](const Tensors& g) -> Tensors {
        optimizer.apply(g.flat());
        return {};
      },
      Arrays(ones), state);
}

TEST(Optimizer, VariablesAreInKerasOrder) {
  optimizers::Adam adam({.amsgrad = true, .use_ema = true, .gradient_accumulation_steps = 2});
  Variable w = [] {
    NameScope scope("dense");
    return weight();
  }();
  adam.build({w});
  std::vector<std::string> paths;
  for (const Variable& variable : adam.variables()) paths.push_back(variable.path());
  EXPECT_EQ(paths, (std::vector<std::string>{"adam/iteration", "adam/learning_rate", "adam/dense_kernel_average",
                                             "adam/dense_kernel_gradient_accumulator", "adam/dense_kernel_momentum",
                                             "adam/dense_kernel_velocity", "adam/dense_kernel_velocity_hat"}));
}

TEST(Optimizer, ACopyIsTheSameOptimizer) {
  optimizers::SGD sgd({.learning_rate = 0.5}), copy = sgd;
  Variable w = weight();
  sgd.build({w});
  EXPECT_TRUE(copy.built());
  step(copy, {w});
  EXPECT_EQ(w.value().get(0), 0.5);
  EXPECT_EQ(sgd.iterations().value().get_int(0), 1);
}

TEST(Optimizer, TheRateCanBeSetBeforeAndAfterBuilding) {
  optimizers::SGD sgd({.learning_rate = 0.5});
  sgd.set_learning_rate(0.25);
  EXPECT_EQ(sgd.learning_rate(), 0.25);
  Variable w = weight();
  sgd.build({w});
  step(sgd, {w});
  EXPECT_EQ(w.value().get(0), 0.75);
  sgd.set_learning_rate(0.125);
  step(sgd, {w});
  EXPECT_EQ(w.value().get(0), 0.625);
  EXPECT_EQ(sgd.config().at("learning_rate").as_double(), 0.125);
}

TEST(Optimizer, AScheduleSeesEveryCall) {
  optimizers::SGD sgd({.learning_rate = schedules::PiecewiseConstantDecay({.boundaries = {0}, .values = {0.5, 0.25}})});
  Variable w = weight();
  sgd.build({w});
  step(sgd, {w});
  EXPECT_EQ(w.value().get(0), 0.5);
  step(sgd, {w});
  EXPECT_EQ(w.value().get(0), 0.25);
  expect_error([&] { sgd.set_learning_rate(1.0); }, "schedule");
}

TEST(Optimizer, AppliesConstraintsAfterTheUpdate) {
  Variable w({.name = "kernel", .shape = {1}, .initializer = "ones", .constraint = constraints::NonNeg()});
  optimizers::SGD sgd({.learning_rate = 3.0});
  sgd.build({w});
  step(sgd, {w});
  EXPECT_EQ(w.value().get(0), 0);
}

TEST(Optimizer, RejectsBadOptions) {
  expect_error([] { optimizers::SGD({.learning_rate = -1.0}); }, "[sgd] `learning_rate` must not be negative");
  expect_error([] { optimizers::SGD({.momentum = 1.5}); }, "[sgd] `momentum` must be in the range [0, 1]");
  expect_error([] { optimizers::Adam({.beta_1 = 1.0}); }, "[adam] `beta_1` must be in the range [0, 1)");
  expect_error([] { optimizers::Adam({.clipnorm = 1.0, .clipvalue = 1.0}); }, "Only one of `clipnorm`");
  expect_error([] { optimizers::Adam({.weight_decay = -0.1}); }, "`weight_decay` must not be negative");
  expect_error([] { optimizers::Adam({.use_ema = true, .ema_momentum = 2.0}); }, "`ema_momentum` must be in the range");
  expect_error([] { optimizers::Adam({.gradient_accumulation_steps = 1}); }, "must be an integer >= 2");
  expect_error([] { optimizers::Adam().exclude_from_weight_decay({"("}); }, "is no regular expression");
  expect_error([] { schedules::ExponentialDecay({.decay_steps = 0}); }, "`decay_steps` must be > 0");
  expect_error([] { schedules::PiecewiseConstantDecay({.boundaries = {1}, .values = {1}}); },
               "one value more than boundaries");
}

TEST(Optimizer, RejectsOtherVariablesAndGradients) {
  optimizers::SGD sgd;
  Variable a = weight(), b = weight();
  expect_error([&] { sgd.apply({Tensor(1.0f)}); }, "before build()");
  sgd.build({a});
  sgd.build({a});
  expect_error([&] { sgd.build({b}); }, "built for other variables");
  expect_error([&] { sgd.apply({}); }, "Expected 1 gradients");
  expect_error([&] { sgd.exclude_from_weight_decay({"bias"}); }, "before the optimizer is built");
}

TEST(Optimizer, AnUnknownNameGetsTheNearest) {
  expect_error([] { Optimizer("adm"); }, "Adam");
}

}  // namespace
}  // namespace hornbeam
