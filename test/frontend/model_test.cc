// Models at work: training, evaluation and prediction on compiled code, users' models and layers, errors.
#include <hornbeam/model.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <gtest/gtest.h>
#include <hornbeam/gradient.h>
#include <hornbeam/layers/batch_normalization.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/losses/sparse_categorical_crossentropy.h>
#include <hornbeam/ops.h>
#include <hornbeam/optimizers/adam.h>
#include <hornbeam/optimizers/sgd.h>
#include <hornbeam/sequential.h>

#include "frontend/src/mask.h"
#include "test/frontend/arrays_support.h"
#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using layers::Dense;
using testing::at;
using testing::evaluated;
using testing::expect_error;
using testing::expect_near;
using testing::random_array;

TEST(Predict, EqualsTheReferenceEvaluator) {
  Sequential model(
      {Input({6}), Dense({.units = 9, .activation = "tanh"}), Dense({.units = 4, .activation = "softmax"})});
  Array x = random_array({37, 6}, 5);
  Array expected = evaluated([&](const Tensors& in) { return model.invoke(in); }, x, model.variables())[0];
  expect_near(model.predict(x, {.batch_size = 8, .verbose = 0}), expected, 1e-6f);
  expect_near(model.predict_on_batch(x), expected, 1e-6f);
}

// One SGD step by hand on y = w x, loss (w x - t)²: w ← w - lr * 2 x (w x - t).
TEST(Train, OneStepIsWhatItIsOnPaper) {
  Sequential model({Input({1}), Dense({.units = 1, .use_bias = false, .kernel_initializer = "ones"})});
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1}), .loss = "mse"});
  Array x = Array::of<float>({1, 1}, {2}), t = Array::of<float>({1, 1}, {5});
  Logs logs = model.train_on_batch(x, t);
  EXPECT_EQ(logs["loss"], 9.0);
  EXPECT_NEAR(at(model.get_weights()[0], 0), 1 - 0.1 * 2 * 2 * (2 - 5), 1e-6);
  EXPECT_EQ(model.optimizer()->iterations().value().as<int32_t>()[0], 1);
}

struct Blobs {
  Array x = random_array({203, 4}, 11);
  Array y = Array(DType::int32, {203});
  Blobs() {
    for (int64_t i = 0; i < 203; ++i)
      y.mutable_as<int32_t>()[i] = at(x, 4 * i) > 0 ? (at(x, 4 * i + 1) > 0 ? 2 : 1) : 0;
  }
};

Sequential classifier() {
  set_random_seed(7);
  clear_session();
  return Sequential({Input({4}), Dense({.units = 16, .activation = "relu"}), Dense({.units = 3})});
}

CompileOptions classifier_options(double rate = 0.02) {
  return {.optimizer = optimizers::Adam({.learning_rate = rate}),
          .loss = losses::SparseCategoricalCrossentropy({.from_logits = true}),
          .metrics = {"accuracy"}};
}

TEST(Fit, LearnsAndReportsByName) {
  Blobs data;
  Sequential model = classifier();
  model.compile(classifier_options());
  History history =
      model.fit(data.x, data.y, {.epochs = 30, .batch_size = 32, .verbose = 0, .validation_split = 0.2, .seed = 1});
  std::vector<std::string> names;
  for (const auto& entry : history.history) names.push_back(entry.first);
  EXPECT_EQ(names, (std::vector<std::string>{"accuracy", "loss", "val_accuracy", "val_loss"}));
  EXPECT_EQ(history.epoch.size(), 30u);
  EXPECT_GT(history["val_accuracy"].back(), 0.85);
  EXPECT_LT(history["loss"].back(), 0.3 * history["loss"][0]);
  Logs logs = model.evaluate(data.x, data.y, {.verbose = 0});
  Array logits = model.predict(data.x, {.verbose = 0});
  int64_t right = 0;
  for (int64_t i = 0; i < 203; ++i) {
    const float* row = logits.as<float>().data() + 3 * i;
    right += std::max_element(row, row + 3) - row == data.y.get_int(i);
  }
  EXPECT_NEAR(logs["accuracy"], static_cast<double>(right) / 203, 1e-6);
}

TEST(Fit, IsTheSameForAnyStepsPerExecution) {
  Blobs data;
  std::vector<Array> weights;
  std::vector<double> losses;
  for (int64_t steps : {1, 3, 64}) {
    Sequential model = classifier();
    CompileOptions options = classifier_options();
    options.steps_per_execution = steps;
    model.compile(options);
    History history = model.fit(data.x, data.y, {.epochs = 3, .batch_size = 16, .verbose = 0, .seed = 4});
    if (weights.empty()) {
      weights = model.get_weights();
      losses = history["loss"];
      continue;
    }
    EXPECT_EQ(history["loss"], losses);
    std::vector<Array> other = model.get_weights();
    for (size_t i = 0; i < weights.size(); ++i)
      EXPECT_EQ(std::memcmp(weights[i].data(), other[i].data(), weights[i].bytes()), 0)
          << "weight " << i << ", N = " << steps;
  }
}

TEST(Fit, TakesSampleAndClassWeights) {
  Blobs data;
  Array weight(DType::float32, {203});
  for (int64_t i = 0; i < 203; ++i) weight.mutable_as<float>()[i] = data.y.get_int(i) == 2 ? 3.0f : 1.0f;
  Sequential by_sample = classifier(), by_class = classifier();
  by_sample.compile(classifier_options());
  by_class.compile(classifier_options());
  FitOptions options{.epochs = 2, .verbose = 0, .seed = 2};
  options.sample_weight = weight;
  History first = by_sample.fit(data.x, data.y, options);
  options.sample_weight = Arrays();
  options.class_weight = {{2, 3.0}};
  History second = by_class.fit(data.x, data.y, options);
  EXPECT_EQ(first["loss"], second["loss"]);
  options.sample_weight = weight;
  expect_error([&] { by_class.fit(data.x, data.y, options); }, "at the same time");
}

TEST(Fit, ReadsDataInTheirOwnDtype) {
  Array bytes(DType::uint8, {40, 3}), floats(DType::float32, {40, 3}), y = random_array({40, 1}, 3);
  for (int64_t i = 0; i < 120; ++i) {
    bytes.set_int(i, (i * 7) % 11);
    floats.set(i, static_cast<double>((i * 7) % 11));
  }
  auto run = [&](const Array& x) {
    set_random_seed(1);
    Sequential model({Input({3}), Dense({.units = 1})});
    model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.001}), .loss = "mse"});
    return model.fit(x, y, {.epochs = 2, .verbose = 0, .seed = 1})["loss"];
  };
  EXPECT_EQ(run(bytes), run(floats));
}

TEST(Fit, UpdatesMovingStatisticsOnlyInTraining) {
  Sequential model({Input({4}), layers::BatchNormalization({.momentum = 0.5}), Dense({.units = 1})});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  Array x = random_array({64, 4}, 1), y = random_array({64, 1}, 2);
  auto mean = [&] { return at(model.get_layer(0)->get_weights()[2], 0); };
  model.evaluate(x, y, {.verbose = 0});
  EXPECT_EQ(mean(), 0.0f);
  model.fit(x, y, {.batch_size = 64, .verbose = 0});
  float batch_mean = 0;
  for (int64_t i = 0; i < 64; ++i) batch_mean += at(x, 4 * i) / 64;
  EXPECT_NEAR(mean(), 0.5f * batch_mean, 1e-6);
}

TEST(Fit, GivesEachOutputItsLossAndMetrics) {
  Tensor x = Input({.shape = {4}, .name = "x"});
  Tensor hidden = Dense({.units = 8, .activation = "relu"})(x);
  Model model(x,
              {{"kind", Dense({.units = 3, .activation = "softmax"})(hidden)}, {"size", Dense({.units = 1})(hidden)}});
  model.compile({.optimizer = "adam",
                 .loss = {{"kind", "sparse_categorical_crossentropy"}, {"size", "mse"}},
                 .loss_weights = {{"kind", 1.0}, {"size", 0.5}},
                 .metrics = {{"kind", {"accuracy"}}, {"size", {"mae"}}}});
  Blobs data;
  Arrays y{{"kind", data.y}, {"size", random_array({203, 1}, 6)}};
  History history = model.fit(data.x, y, {.verbose = 0});
  std::vector<std::string> names;
  for (const auto& entry : history.history) names.push_back(entry.first);
  EXPECT_EQ(names, (std::vector<std::string>{"kind_accuracy", "kind_loss", "loss", "size_loss", "size_mae"}));
  EXPECT_NEAR(history["loss"][0], history["kind_loss"][0] + 0.5 * history["size_loss"][0], 1e-5);
  EXPECT_EQ(model.predict(data.x, {.verbose = 0})["size"].shape(), (Shape{203, 1}));
  expect_error(
      [&] {
        model.compile({.loss = {{"kinds", "mse"}}});
        model.fit(data.x, y, {.verbose = 0});
      },
      "Did you mean 'kind'?");
}

// A user's model, and a layer that adds to the loss.
class Net : public ModelOf<Net> {
 public:
  Tensors call(const Tensors& x, const CallArgs&) override {
    Tensor hidden = hidden_(x.single());
    add_loss(ops::mean(ops::square(hidden)));
    return head_(hidden);
  }

 private:
  Dense hidden_ = track(Dense({.units = 5, .activation = "tanh"}));
  Dense head_ = track(Dense({.units = 1, .kernel_regularizer = "l2"}));
};

TEST(Subclass, TrainsWithItsOwnLosses) {
  Net model;
  model.compile({.optimizer = "adam", .loss = "mse"});
  Array x = random_array({50, 3}, 1), y = random_array({50, 1}, 2);
  double loss = model.evaluate(x, y, {.verbose = 0})["loss"];
  Array p = model.predict(x, {.verbose = 0});
  double mse = 0;
  for (int64_t i = 0; i < 50; ++i) mse += std::pow(at(p, i) - at(y, i), 2) / 50;
  EXPECT_GT(loss, mse + 1e-4);
  History history = model.fit(x, y, {.epochs = 5, .verbose = 0});
  EXPECT_LT(history["loss"].back(), history["loss"][0]);
  EXPECT_EQ(model.count_params(), 3 * 5 + 5 + 5 + 1);
}

// A layer whose output has a mask, as an Embedding's has: samples that start with 0 do not count.
class SkipZeros : public UnaryLayerOf<SkipZeros> {
 public:
  Tensor call(const Tensor& x, const CallArgs&) override {
    return with_mask(x, ops::not_equal(ops::squeeze(ops::slice_axis(x, 1, 0, 1), 1), 0));
  }
};

TEST(Train, LeavesOutWhatIsMasked) {
  Sequential model({Input({2}), SkipZeros(), Dense({.units = 1, .kernel_initializer = "ones"})});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  Array x = Array::of<float>({3, 2}, {1, 2, 0, 9, 3, 1}), y = Array::of<float>({3, 1}, {1, 0, 1});
  EXPECT_NEAR(model.evaluate(x, y, {.verbose = 0})["loss"], (2 * 2 + 3 * 3) / 2.0, 1e-5);
}

// A gradient inside a layer, that training differentiates once more.
class Slope : public UnaryLayerOf<Slope> {
 public:
  void build(const Shape&) override { a_ = add_weight({.name = "a", .initializer = "ones"}); }
  Tensor call(const Tensor& x, const CallArgs&) override {
    return grad([&](const std::vector<Tensor>& v) { return ops::sum(a_ * v[0] * v[0] * v[0]); }, {x})[0];
  }

 private:
  Variable a_;
};

TEST(Gradient, NestsInATrainStep) {
  Sequential model({Input({1}), Slope()});
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.01}), .loss = "mse"});
  Array x = Array::of<float>({1, 1}, {2}), t = Array::of<float>({1, 1}, {6});
  EXPECT_NEAR(at(model.predict(x, {.verbose = 0}), 0), 3 * 2 * 2, 1e-5);
  // d/da (3 a x² - t)² = 2 (12 - 6) 12.
  model.train_on_batch(x, t);
  EXPECT_NEAR(at(model.get_weights()[0], 0), 1 - 0.01 * 2 * 6 * 12, 1e-5);
  // Outside of a trace, too.
  EXPECT_EQ(grad([](const std::vector<Tensor>& v) { return v[0] * v[0]; }, {Tensor(3.0)})[0].array().get(0), 6.0);
}

// A user's error in the middle of a step reaches the caller as it is, and leaves the model as it was.
class Fussy : public UnaryLayerOf<Fussy> {
 public:
  explicit Fussy(bool* fails) : fails_(fails) {}
  Tensor call(const Tensor& x, const CallArgs& args) override {
    if (*fails_ && args.is_training()) throw std::out_of_range("fussy");
    return x;
  }

 private:
  bool* fails_;
};

TEST(Train, PassesOnWhatAUsersLayerThrows) {
  bool fails = false;
  Sequential model({Input({2}), Dense({.units = 2}), Fussy(&fails), Dense({.units = 1})});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  std::vector<Array> before = model.get_weights();
  Array x = random_array({8, 2}, 1), y = random_array({8, 1}, 2);
  fails = true;
  EXPECT_THROW(model.fit(x, y, {.verbose = 0}), std::out_of_range);
  for (size_t i = 0; i < before.size(); ++i)
    EXPECT_EQ(std::memcmp(before[i].data(), model.get_weights()[i].data(), before[i].bytes()), 0);
  fails = false;
  EXPECT_EQ(model.fit(x, y, {.verbose = 0}).epoch.size(), 1u);
}

// Two models with a layer in common see each other's training.
TEST(Model, SharesWeightsWithAnother) {
  Tensor x = Input({3});
  Dense shared({.units = 2});
  Model first(x, shared(x));
  Model second(x, Dense({.units = 1})(shared(x)));
  second.compile({.optimizer = "sgd", .loss = "mse"});
  Array data = random_array({20, 3}, 1), y = random_array({20, 1}, 2);
  Array before = first.predict(data, {.verbose = 0});
  second.fit(data, y, {.epochs = 2, .verbose = 0});
  Array after = first.predict(data, {.verbose = 0});
  EXPECT_NE(at(before, 0), at(after, 0));
  shared.set_weights({Array(DType::float32, {3, 2}), Array(DType::float32, {2})});
  EXPECT_EQ(at(first.predict(data, {.verbose = 0}), 0), 0.0f);
}

TEST(Model, FrozenLayersStayAsTheyAre) {
  Sequential model({Input({3}), Dense({.units = 4, .name = "frozen"}), Dense({.units = 1})});
  model.get_layer("frozen")->set_trainable(false);
  model.compile({.optimizer = "sgd", .loss = "mse"});
  std::vector<Array> before = model.get_weights();
  model.fit(random_array({20, 3}, 1), random_array({20, 1}, 2), {.verbose = 0});
  std::vector<Array> after = model.get_weights();
  EXPECT_EQ(model.get_layer("frozen")->trainable_weights().size(), 0u);
  EXPECT_EQ(std::memcmp(model.get_layer("frozen")->get_weights()[0].data(), before[0].data(), before[0].bytes()), 0);
  EXPECT_EQ(model.trainable_weights().size(), 2u);
  EXPECT_NE(at(model.trainable_weights()[0].value(), 0), 0.0f);
}

TEST(Eager, OpsAndLayersOnArrays) {
  Tensor sum = Tensor(Array::of<float>({2}, {1, 2})) * 3 + 1;
  EXPECT_EQ(sum.array().as<float>()[1], 7.0f);
  Dense dense({.units = 2, .kernel_initializer = "ones"});
  Tensor y = dense(Tensor(Array::of<float>({1, 3}, {1, 2, 3})));
  EXPECT_EQ(y.array().as<float>()[1], 6.0f);
}

TEST(BadData, IsToldBeforeAnythingChanges) {
  Sequential model = classifier();
  Blobs data;
  expect_error([&] { model.fit(data.x, data.y); }, "You must call `compile()`");
  model.compile(classifier_options());
  FitOptions quiet{.verbose = 0};
  model.fit(data.x, data.y, quiet);
  std::vector<Array> before = model.get_weights();
  expect_error([&] { model.fit(data.x, data.y.rows(0, 200), quiet); }, "Data cardinality is ambiguous");
  expect_error([&] { model.fit(data.x, {}, quiet); }, "so y must have as many arrays. Received: 0");
  expect_error([&] { model.fit(data.x, {data.y, data.y}, quiet); }, "Received: 2");
  expect_error([&] { model.fit(data.x.rows(0, 0), data.y.rows(0, 0), quiet); }, "no samples");
  expect_error(
      [&] {
        model.fit(random_array({203, 5}, 1), data.y, quiet);
      },
      "expected shape=(None, 4), found shape=(32, 5)");
  expect_error([&] { model.fit({{"inptu", data.x}}, data.y, quiet); }, "'inptu'");
  data.y.set_int(5, 3);
  expect_error([&] { model.fit(data.x, data.y, quiet); },
               "label value of 3 which is outside the valid range of [0, 3)");
  quiet.epochs = 0;
  expect_error([&] { model.fit(data.x, data.y, quiet); }, "`epochs` must be positive");
  std::vector<Array> after = model.get_weights();
  for (size_t i = 0; i < before.size(); ++i)
    EXPECT_EQ(std::memcmp(before[i].data(), after[i].data(), before[i].bytes()), 0);
}

}  // namespace
}  // namespace hornbeam
