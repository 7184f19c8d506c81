// Each optimizer, with moving averages, accumulation and clipping too: how many steps a call runs changes no bit of the
// history, the weights, the slots and the predictions.
#include <gtest/gtest.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/flatten.h>
#include <hornbeam/optimizers/adadelta.h>
#include <hornbeam/optimizers/adafactor.h>
#include <hornbeam/optimizers/adagrad.h>
#include <hornbeam/optimizers/adam.h>
#include <hornbeam/optimizers/adamax.h>
#include <hornbeam/optimizers/adamw.h>
#include <hornbeam/optimizers/ftrl.h>
#include <hornbeam/optimizers/lamb.h>
#include <hornbeam/optimizers/lion.h>
#include <hornbeam/optimizers/loss_scale_optimizer.h>
#include <hornbeam/optimizers/multi_optimizer.h>
#include <hornbeam/optimizers/muon.h>
#include <hornbeam/optimizers/nadam.h>
#include <hornbeam/optimizers/rmsprop.h>
#include <hornbeam/optimizers/schedule_free_adamw.h>
#include <hornbeam/optimizers/sgd.h>
#include <hornbeam/schedules/cosine_decay.h>
#include <hornbeam/sequential.h>

#include "test/e2e/training_support.h"

namespace hornbeam::e2e {
namespace {

Sequential mlp() {
  return Sequential({Input({28, 28}), layers::Flatten(), layers::Dense({.units = 12, .activation = "relu"}),
                     layers::Dense({.units = 10})});
}

std::vector<Case> cases() {
  using namespace optimizers;
  std::vector<std::pair<std::string, std::function<hornbeam::Optimizer()>>> each = {
      {"adadelta", [] { return Adadelta({.learning_rate = 1.0}); }},
      {"adafactor", [] { return Adafactor({.learning_rate = 0.05}); }},
      {"adagrad", [] { return Adagrad({.learning_rate = 0.05}); }},
      {"adamax", [] { return Adamax({.learning_rate = 0.01}); }},
      {"adamw", [] { return AdamW({.learning_rate = 0.01}); }},
      {"ftrl", [] { return Ftrl({.learning_rate = 0.1, .l1_regularization_strength = 1e-3}); }},
      {"lamb", [] { return Lamb({.learning_rate = 0.02}); }},
      {"lion", [] { return Lion({.learning_rate = 0.002}); }},
      {"muon", [] { return Muon({.learning_rate = 0.02}); }},
      {"nadam", [] { return Nadam({.learning_rate = 0.01}); }},
      {"schedule_free_adamw", [] { return ScheduleFreeAdamW({.learning_rate = 0.02, .warmup_steps = 3}); }},
      {"averages", [] { return Adam({.learning_rate = 0.01, .use_ema = true, .ema_momentum = 0.8}); }},
      {"averages_overwrite",
       [] { return SGD({.learning_rate = 0.1, .use_ema = true, .ema_momentum = 0.5, .ema_overwrite_frequency = 3}); }},
      {"accumulation", [] { return Adam({.learning_rate = 0.02, .gradient_accumulation_steps = 3}); }},
      {"accumulation_and_averages",
       [] { return RMSprop({.learning_rate = 0.01, .use_ema = true, .gradient_accumulation_steps = 2}); }},
      {"clipping_and_decay", [] { return SGD({.learning_rate = 0.1, .weight_decay = 1e-3, .global_clipnorm = 0.5}); }},
      {"schedule",
       [] {
         return Adam({.learning_rate = schedules::CosineDecay({.initial_learning_rate = 0.01, .decay_steps = 12})});
       }},
      {"loss_scale",
       [] {
         return LossScaleOptimizer(
             {.inner_optimizer = Adam({.learning_rate = 0.01}), .initial_scale = 64.0, .dynamic_growth_steps = 4});
       }},
      {"multi",
       [] {
         return MultiOptimizer(OptimizerMap(Adam({.learning_rate = 0.01}), {{".*bias", SGD({.learning_rate = 0.1})}}));
       }},
  };
  std::vector<Case> all;
  for (auto& [name, optimizer] : each) all.push_back({name, mlp, optimizer, {}});
  return all;
}

class OptimizerFusion : public testing::TestWithParam<Case> {};

TEST_P(OptimizerFusion, SevenStepsACallGiveTheSameAsOne) {
  const Outcome one = train(GetParam(), 1);
  ASSERT_EQ(one.history["loss"].size(), 2u);
  EXPECT_LT(one.history["loss"][1], one.history["loss"][0]);  // it does learn
  expect_same(train(GetParam(), 7), one);
}

INSTANTIATE_TEST_SUITE_P(Cases, OptimizerFusion, testing::ValuesIn(cases()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace hornbeam::e2e
