// Freezing and unfreezing: `trainable` counts from compile() on, and a frozen BatchNormalization works as in inference. What
// changes when is what Keras 3.15 on TensorFlow changes.
#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/layers/batch_normalization.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/sequential.h>

#include "test/frontend/arrays_support.h"

namespace hornbeam {
namespace {

using ::testing::ElementsAre;
using testing::random_array;

class FineTuning : public ::testing::Test {
 protected:
  FineTuning() { compile(); }
  void compile() { model_.compile({.optimizer = "sgd", .loss = "mse"}); }
  History fit() { return model_.fit(x_, y_, {.epochs = 1, .batch_size = 8, .verbose = 0, .shuffle = false}); }

  // The layers whose weights an epoch changes; "norm" by gamma and beta, "moving" by the moving mean and variance.
  std::vector<std::string> changes() {
    std::vector<Variable> variables = model_.variables();
    std::vector<Array> before;
    for (const Variable& variable : variables) before.push_back(variable.value().clone());
    fit();
    std::vector<std::string> changed;
    for (size_t i = 0; i < variables.size(); ++i) {
      const std::string path = variables[i].path();
      std::string name = path.find("moving") != std::string::npos ? "moving" : "";
      for (const char* layer : {"first", "norm", "last"})
        if (name.empty() && path.find("/" + std::string(layer) + "/") != std::string::npos) name = layer;
      Array now = variables[i].value();
      if (name.empty() || std::memcmp(now.data(), before[i].data(), now.bytes()) == 0) continue;
      if (changed.empty() || changed.back() != name) changed.push_back(name);
    }
    return changed;
  }
  void freeze(const char* layer, bool frozen = true) { model_.get_layer(layer)->set_trainable(!frozen); }

  Sequential model_{Input({3}), layers::Dense({.units = 2, .name = "first"}),
                    layers::BatchNormalization({.name = "norm"}), layers::Dense({.units = 1, .name = "last"})};
  Array x_ = random_array({16, 3}, 1), y_ = random_array({16, 1}, 2);
};

TEST_F(FineTuning, TrainableCountsFromCompileOn) {
  EXPECT_THAT(changes(), ElementsAre("first", "norm", "moving", "last"));
  freeze("first");
  EXPECT_THAT(changes(), ElementsAre("first", "norm", "moving", "last"));
  freeze("norm");
  EXPECT_THAT(changes(), ElementsAre("first", "norm", "moving", "last"));
  compile();
  EXPECT_THAT(changes(), ElementsAre("last"));
  freeze("first", false);
  EXPECT_THAT(changes(), ElementsAre("last"));
  compile();
  EXPECT_THAT(changes(), ElementsAre("first", "last"));
  model_.set_trainable(false);
  EXPECT_THAT(changes(), ElementsAre("first", "last"));
  compile();
  EXPECT_THAT(changes(), ElementsAre());
}

// In training a frozen BatchNormalization computes with its moving mean and variance, not with the batch's.
TEST_F(FineTuning, AFrozenBatchNormalizationWorksAsInInference) {
  model_.get_layer("norm")->set_weights({Array::of<float>({2}, {1.5f, 0.5f}), Array::of<float>({2}, {0.1f, -0.2f}),
                                         Array::of<float>({2}, {0.3f, 0.7f}), Array::of<float>({2}, {4.0f, 0.25f})});
  auto losses = [&] {
    model_.compile({.optimizer = "sgd", .loss = "mse"});
    model_.optimizer()->set_learning_rate(0);  // so that training changes nothing but the moving values
    return std::pair{fit()["loss"][0], model_.evaluate(x_, y_, {.batch_size = 8, .verbose = 0}).at("loss")};
  };
  freeze("norm");
  auto [frozen, inference] = losses();
  EXPECT_NEAR(frozen, inference, 1e-6);
  freeze("norm", false);
  auto [learning, after] = losses();
  EXPECT_GT(std::abs(learning - inference), 1e-3);
  EXPECT_GT(std::abs(after - inference), 1e-6);  // the moving values moved
}

// A new optimizer has a state for each weight that it trains, and for no other.
TEST_F(FineTuning, AnOptimizerHasStateForWhatItTrains) {
  freeze("first");
  model_.compile({.optimizer = "adam", .loss = "mse"});
  fit();
  EXPECT_EQ(model_.optimizer()->trainable_variables().size(), 4u);  // gamma, beta, kernel, bias
  freeze("first", false);
  model_.compile({.optimizer = "adam", .loss = "mse"});
  fit();
  EXPECT_EQ(model_.optimizer()->trainable_variables().size(), 6u);
}

}  // namespace
}  // namespace hornbeam
