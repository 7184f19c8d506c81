// What compile takes and a model's own steps: losses and metrics computed by the model, metrics of layers, weights of
// losses, metrics of the confusion matrix in a fused step, mixed precision.
#include <gtest/gtest.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/losses/huber.h>
#include <hornbeam/metrics/auc.h>
#include <hornbeam/metrics/f1_score.h>
#include <hornbeam/metrics/mean.h>
#include <hornbeam/metrics/precision.h>
#include <hornbeam/metrics/r2_score.h>
#include <hornbeam/model.h>
#include <hornbeam/ops.h>
#include <hornbeam/optimizers/adam.h>
#include <hornbeam/optimizers/loss_scale_optimizer.h>
#include <hornbeam/optimizers/sgd.h>
#include <hornbeam/sequential.h>

#include <cmath>
#include <cstring>

#include "test/frontend/arrays_support.h"
#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using layers::Dense;
using testing::at;
using testing::expect_error;
using testing::random_array;

// A layer that reports the mean of what goes through it, and adds it to the loss.
class Watch : public UnaryLayerOf<Watch> {
 public:
  explicit Watch(double factor = 0) : factor_(factor) {}
  Tensor call(const Tensor& x, const CallArgs&) override {
    Tensor mean = ops::mean(x);
    seen_.update_state(mean);
    if (factor_ != 0) add_loss(mean * factor_);
    return x;
  }

 private:
  double factor_;
  metrics::Mean seen_ = track(metrics::Mean({.name = "seen"}));
};

TEST(LayerMetrics, AreReportedAndStartAnewWithEachEpoch) {
  Sequential model({Input({1}), Watch(2.0), Dense({.units = 1, .kernel_initializer = "zeros"})});
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.0}), .loss = "mse"});
  Array x = Array::of<float>({4, 1}, {1, 2, 3, 6}), y = Array::of<float>({4, 1}, {0, 0, 0, 0});
  History history = model.fit(x, y, {.epochs = 2, .batch_size = 2, .verbose = 0, .shuffle = false});
  ASSERT_EQ(history["seen"].size(), 2u);
  EXPECT_NEAR(history["seen"][0], 3.0, 1e-6);
  EXPECT_NEAR(history["seen"][1], 3.0, 1e-6);
  EXPECT_NEAR(history["loss"][0], 6.0, 1e-6);  // add_loss alone: the predictions are 0
  EXPECT_NEAR(model.evaluate(x, y, {.verbose = 0})["seen"], 3.0, 1e-6);
  EXPECT_EQ(at(model.predict(x, {.verbose = 0})[0], 3), 0.0f);
  EXPECT_EQ(model.metrics().size(), 1u);
  EXPECT_EQ(model.weights().size(), 2u);  // a metric's state is no weight
}

// Adds to the loss of compile, and counts the targets that are far off.
class Robust : public ModelOf<Robust> {
 public:
  Tensors call(const Tensors& x, const CallArgs&) override { return dense_(x.single()); }
  Tensor compute_loss(const Tensors& x, const Tensors& y, const Tensors& y_pred,
                      const Tensors& sample_weight) override {
    Tensor base = Model::compute_loss(x, y, y_pred, sample_weight);
    return base + ops::mean(ops::abs(x.single())) * 10.0;
  }
  void compute_metrics(const Tensors& x, const Tensors& y, const Tensors& y_pred,
                       const Tensors& sample_weight) override {
    Model::compute_metrics(x, y, y_pred, sample_weight);
    far_.update_state(ops::cast(ops::greater(ops::abs(y.single() - y_pred.single()), 2.5), DType::float32));
  }

 private:
  Dense dense_ = track(Dense({.units = 1, .kernel_initializer = "zeros"}));
  metrics::Mean far_ = track(metrics::Mean({.name = "far"}));
};

TEST(ComputeLoss, IsTheModelsOwn) {
  Robust model;
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.0}), .loss = "mae", .metrics = {"mse"}});
  Array x = Array::of<float>({4, 1}, {1, -1, 1, 1}), y = Array::of<float>({4, 1}, {1, 2, 3, 4});
  History history = model.fit(x, y, {.epochs = 1, .batch_size = 4, .verbose = 0});
  EXPECT_NEAR(history["loss"][0], 2.5 + 10, 1e-5);
  EXPECT_NEAR(history["mse"][0], 7.5, 1e-5);
  EXPECT_NEAR(history["far"][0], 0.5, 1e-6);
  EXPECT_NEAR(model.evaluate(x, y, {.verbose = 0})["loss"], 12.5, 1e-5);
}

Model two_outputs() {
  clear_session();
  Tensor x = Input({.shape = {2}, .name = "in"});
  Tensor a = Dense({.units = 1, .kernel_initializer = "ones", .name = "a"})(x);
  Tensor b = Dense({.units = 1, .kernel_initializer = "zeros", .name = "b"})(x);
  return Model(x, Tensors({a, b}));
}

TEST(CompileOptions, LossesWeightsAndMetricsGoByTheOutputsNames) {
  Model model = two_outputs();
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.0}),
                 .loss = {{"a", "mse"}, {"b", losses::Huber({.delta = 1.0})}},
                 .loss_weights = {{"a", 1.0}, {"b", 10.0}},
                 .metrics = {{"b", {"mae"}}},
                 .weighted_metrics = {{"a", {"mae"}}}});
  Array x = Array::of<float>({2, 2}, {1, 1, 2, 1}), zeros(DType::float32, {2, 1});
  Array weight = Array::of<float>({2}, {1, 0}), ones = Array::of<float>({2, 1}, {3, 3});
  Logs logs = model.evaluate(x, Arrays({zeros, ones}), {.verbose = 0, .sample_weight = Arrays({weight, weight})});
  // a gives 2 and 3, of which only the first counts; b gives 0 where 3 is wanted.
  EXPECT_NEAR(logs["a_loss"], 4.0 / 2, 1e-6);
  EXPECT_NEAR(logs["b_loss"], 2.5 / 2, 1e-6);
  EXPECT_NEAR(logs["loss"], 2.0 + 12.5, 1e-5);
  EXPECT_NEAR(logs["b_mae"], 3.0, 1e-6);
  EXPECT_NEAR(logs["a_mae"], 2.0, 1e-6);
  expect_error(
      [&] {
        Model other = two_outputs();
        other.compile({.loss = {{"c", "mse"}}});
        other.evaluate(x, Arrays({zeros, ones}), {.verbose = 0});
      },
      "'c' is not an output of the model");
}

struct Labels {
  Array x = random_array({53, 3}, 3);
  Array y = Array(DType::float32, {53, 2});
  Labels() {
    for (int64_t i = 0; i < 53; ++i) {
      y.set(2 * i, at(x, 3 * i) > 0 ? 1 : 0);
      y.set(2 * i + 1, at(x, 3 * i + 1) > 0.3 ? 1 : 0);
    }
  }
};

TEST(Metrics, OfTheConfusionMatrixRunInAFusedStep) {
  Labels data;
  auto run = [&](int64_t steps) {
    clear_session();
    set_random_seed(3);
    Sequential model({Input({3}), Dense({.units = 2, .activation = "sigmoid"})});
    model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.05}),
                   .loss = "binary_crossentropy",
                   .metrics = {metrics::AUC({.multi_label = true}), metrics::Precision(),
                               metrics::F1Score({.average = "macro", .threshold = 0.5}), metrics::R2Score()},
                   .steps_per_execution = steps});
    return model.fit(data.x, data.y, {.epochs = 6, .batch_size = 8, .verbose = 0, .seed = 2});
  };
  History one = run(1), seven = run(7);
  EXPECT_GT(one["auc"].back(), 0.7);
  EXPECT_GT(one["auc"].back(), one["auc"].front());
  for (const char* name : {"loss", "auc", "precision", "f1_score", "r2_score"}) {
    ASSERT_EQ(one[name].size(), 6u) << name;
    EXPECT_EQ(std::memcmp(one[name].data(), seven[name].data(), 6 * sizeof(double)), 0) << name;
  }
}

Sequential mixed(const char* policy) {
  clear_session();
  set_random_seed(5);
  DTypePolicy::set_default(policy);
  Sequential model({Input({4}), Dense({.units = 8, .activation = "relu"}), Dense({.units = 1, .dtype = "float32"})});
  DTypePolicy::set_default("float32");
  return model;
}

TEST(MixedPrecision, ComputesInTheComputeDtypeAndKeepsVariablesInFloat32) {
  for (const char* policy : {"mixed_float16", "mixed_bfloat16"}) {
    SCOPED_TRACE(policy);
    Sequential model = mixed(policy);
    DType half = DTypePolicy(policy).compute_dtype();
    EXPECT_EQ(model.layers()[0]->compute_dtype(), half);
    EXPECT_EQ(model.layers()[0]->invoke(random_array({2, 4}, 1)).single().dtype(), half);
    for (const Variable& variable : model.weights()) EXPECT_EQ(variable.dtype(), DType::float32);
    Array x = random_array({64, 4}, 9), y(DType::float32, {64, 1});
    for (int64_t i = 0; i < 64; ++i) y.set(i, at(x, 4 * i) - at(x, 4 * i + 2));
    model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.02}), .loss = "mse"});
    bool scales = dynamic_cast<const optimizers::LossScaleOptimizer*>(&*model.optimizer()) != nullptr;
    EXPECT_EQ(scales, std::string(policy) == "mixed_float16");
    EXPECT_EQ(model.compile_config().at("optimizer").at("class_name").as_string(), "Adam");
    History history = model.fit(x, y, {.epochs = 12, .batch_size = 16, .verbose = 0, .seed = 1});
    EXPECT_LT(history["loss"].back(), 0.4 * history["loss"].front());
    EXPECT_TRUE(std::isfinite(history["loss"].back()));
    EXPECT_EQ(model.optimizer()->iterations().value().get_int(0), 48);
  }
}

TEST(MixedPrecision, AScaledLossIsReportedAsItIs) {
  Array x = random_array({8, 4}, 9), y(DType::float32, {8, 1});
  auto first_loss = [&](const Optimizer& optimizer) {
    clear_session();
    set_random_seed(5);
    Sequential model({Input({4}), Dense({.units = 1})});
    model.compile({.optimizer = optimizer, .loss = "mse"});
    double loss = model.train_on_batch(x, y)["loss"];
    return std::pair(loss, at(model.get_weights()[0], 0));
  };
  auto [plain, weight] = first_loss(optimizers::SGD({.learning_rate = 0.1}));
  auto [scaled, same_weight] = first_loss(optimizers::SGD({.learning_rate = 0.1, .loss_scale_factor = 1024.0}));
  EXPECT_EQ(plain, scaled);
  EXPECT_EQ(weight, same_weight);  // a power of two changes no bit
}

}  // namespace
}  // namespace hornbeam
