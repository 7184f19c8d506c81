// Bad input: each is answered with a hornbeam::Error that names who complains, what was expected and what was received,
// and leaves the model as it was.
#include <cstring>
#include <functional>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/layers/activation.h>
#include <hornbeam/layers/merging.h>
#include <hornbeam/layers/batch_normalization.h>
#include <hornbeam/layers/concatenate.h>
#include <hornbeam/layers/conv.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/dropout.h>
#include <hornbeam/layers/flatten.h>
#include <hornbeam/layers/global_pooling.h>
#include <hornbeam/layers/pooling.h>
#include <hornbeam/layers/reshape.h>
#include <hornbeam/losses/sparse_categorical_crossentropy.h>
#include <hornbeam/optimizers/adam.h>
#include <hornbeam/optimizers/sgd.h>
#include <hornbeam/random.h>
#include <hornbeam/sequential.h>

namespace hornbeam::e2e {
namespace {

using ::testing::HasSubstr;

// Runs `action`, which must throw an E (not one of another class) whose text has all of `parts`.
template <class E>
void expect_error(const std::function<void()>& action, const std::vector<std::string>& parts) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_NE(dynamic_cast<const E*>(&error), nullptr) << "another class of error: " << error.what();
    for (const std::string& part : parts) EXPECT_THAT(error.what(), HasSubstr(part));
    return;
  } catch (const std::exception& error) {
    FAIL() << "not a hornbeam::Error: " << error.what();
  }
  FAIL() << "no error; expected one with " << testing::PrintToString(parts);
}

// --- Shapes into layers ------------------------------------------------------------------------------------------------

TEST(BadShape, Dense) {
  layers::Dense dense({.units = 4, .name = "head"});
  dense(Input({3}));
  expect_error<ValueError>([&] { dense(Input({5})); }, {"head", "3", "5"});
  expect_error<ValueError>([] { layers::Dense({.units = 4, .name = "head"})(Input({kUnknown})); }, {"head", "Axis -1"});
}

TEST(BadShape, Conv2D) {
  expect_error<ValueError>([] { layers::Conv2D({.filters = 4, .kernel_size = 3, .name = "c"})(Input({28, 28})); },
                           {"c", "ndim=4", "ndim=3"});
  expect_error<ValueError>([] { layers::Conv2D({.filters = 4, .kernel_size = 5, .name = "c"})(Input({3, 3, 1})); },
                           {"c"});
  layers::Conv2D conv({.filters = 4, .kernel_size = 3, .name = "c"});
  conv(Input({8, 8, 3}));
  expect_error<ValueError>([&] { conv(Input({8, 8, 1})); }, {"c", "3", "1"});
}

TEST(BadShape, Pooling) {
  expect_error<ValueError>([] { layers::MaxPooling2D({.name = "p"})(Input({28, 28})); }, {"p", "ndim=4", "ndim=3"});
  expect_error<ValueError>([] { layers::AveragePooling2D({.name = "p"})(Input({28})); }, {"p", "ndim=4", "ndim=2"});
  expect_error<ValueError>([] { layers::GlobalAveragePooling2D({.name = "p"})(Input({28, 28})); },
                           {"p", "ndim=4", "ndim=3"});
}

TEST(BadShape, BatchNormalization) {
  layers::BatchNormalization norm({.name = "bn"});
  norm(Input({4}));
  expect_error<ValueError>([&] { norm(Input({6})); }, {"bn", "4", "6"});
}

TEST(BadShape, Reshape) {
  expect_error<ValueError>([] { layers::Reshape({.target_shape = {5, 5}, .name = "r"})(Input({24})); }, {"24", "(5, 5)"});
}

TEST(BadShape, Merging) {
  expect_error<ValueError>([] { layers::Add({.name = "sum"})(Tensors{Input({3}), Input({4})}); }, {"3", "4"});
  expect_error<ValueError>([] { layers::Concatenate({.axis = 1, .name = "cat"})(Tensors{Input({3, 4}), Input({3, 5})}); },
                           {"(None, 3, 4)", "(None, 3, 5)"});
}

// --- Options -----------------------------------------------------------------------------------------------------------

TEST(BadOption, NegativeNumbers) {
  expect_error<ValueError>([] { layers::Dense({.units = -1}); }, {"Dense", "units", "-1"});
  expect_error<ValueError>([] { layers::Dense({}); }, {"Dense", "units", "0"});
  expect_error<ValueError>([] { layers::Conv2D({.filters = -2, .kernel_size = 3}); }, {"Conv2D", "filters", "-2"});
  expect_error<ValueError>([] { layers::Dropout({.rate = -0.5}); }, {"Dropout", "rate", "-0.5"});
  expect_error<ValueError>([] { layers::Dropout({.rate = 1.5}); }, {"Dropout", "rate", "1.5"});
  expect_error<ValueError>([] { optimizers::SGD({.learning_rate = 0.1, .momentum = -1.0}); }, {"momentum", "-1"});
}

TEST(BadOption, UnknownNamesWithTheNearest) {
  expect_error<ValueError>([] { layers::Dense({.units = 1, .activation = "rellu"}); }, {"rellu", "relu"});
  expect_error<ValueError>([] { layers::Dense({.units = 1, .kernel_initializer = "glorot_unifrom"}); },
                           {"glorot_unifrom", "glorot_uniform"});
  Sequential model({Input({2}), layers::Dense({.units = 1})});
  expect_error<ValueError>([&] { model.compile({.optimizer = "adm", .loss = "mse"}); }, {"adm", "Adam"});
  expect_error<ValueError>([&] { model.compile({.optimizer = "adam", .loss = "mean_squared_eror"}); },
                           {"mean_squared_eror", "mean_squared_error"});
  expect_error<ValueError>([&] { model.compile({.optimizer = "adam", .loss = "mse", .metrics = {"acuracy"}}); },
                           {"acuracy", "Accuracy"});
  EXPECT_FALSE(model.compiled());
}

TEST(BadOption, MoreMemoryThanTheMachineHas) {
  layers::Dense dense({.units = int64_t{1} << 44, .name = "huge"});
  expect_error<ValueError>([&] { dense(Input({1 << 20})); }, {"huge", "memory"});
  EXPECT_FALSE(dense.built());
  expect_error<ValueError>([] { Array(DType::float32, {int64_t{1} << 61, 8}); }, {});
}

// --- Training ----------------------------------------------------------------------------------------------------------

class BadFit : public testing::Test {
 protected:
  BadFit() : x_(DType::float32, {8, 3}), y_(DType::int32, {8}), model_(make()) {
    for (int64_t i = 0; i < 24; ++i) x_.set(i, 0.1 * static_cast<double>(i % 5));
    for (int64_t i = 0; i < 8; ++i) y_.set(i, static_cast<double>(i % 4));
    compile(model_);
    model_.fit(x_, y_, {.batch_size = 4, .verbose = 0});  // so that slots, metrics and a program are there
  }
  static Sequential make() {
    set_random_seed(3);
    return Sequential({Input({3}), layers::Dense({.units = 4, .name = "logits"})}, "classifier");
  }
  static void compile(Sequential& model) {
    model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.1}),
                   .loss = losses::SparseCategoricalCrossentropy({.from_logits = true}),
                   .metrics = {"accuracy"}});
  }

  std::vector<Array> state() const {
    std::vector<Array> all = model_.get_weights();
    for (const Variable& variable : model_.optimizer()->variables()) all.push_back(variable.value());
    return all;
  }
  // The action fails, and then the model is as before and still trains.
  template <class E>
  void rejects(const std::function<void()>& action, const std::vector<std::string>& parts) {
    const auto before = state();
    expect_error<E>(action, parts);
    const auto after = state();
    ASSERT_EQ(before.size(), after.size());
    for (size_t i = 0; i < before.size(); ++i)
      EXPECT_EQ(std::memcmp(before[i].data(), after[i].data(), before[i].bytes()), 0) << "variable " << i << " changed";
    EXPECT_EQ(model_.fit(x_, y_, {.batch_size = 4, .verbose = 0})["loss"].size(), 1u);
  }

  Array x_, y_;
  Sequential model_;
};

TEST_F(BadFit, NotCompiled) {
  Sequential model = make();
  expect_error<ValueError>([&] { model.fit(x_, y_, {.verbose = 0}); }, {"compile"});
  expect_error<ValueError>([&] { model.evaluate(x_, y_, {.verbose = 0}); }, {"compile"});
}

TEST_F(BadFit, ModelWithoutLayers) {
  Sequential model;
  compile(model);
  expect_error<ValueError>([&] { model.fit(x_, y_, {.verbose = 0}); }, {"Sequential", "layer"});
}

TEST_F(BadFit, CountingAModelThatIsNotBuilt) {
  Sequential model({layers::Dense({.units = 4})});
  expect_error<ValueError>([&] { model.count_params(); }, {"built"});
}

TEST_F(BadFit, LengthsThatDiffer) {
  rejects<ValueError>([&] { model_.fit(x_, y_.rows(0, 5), {.verbose = 0}); }, {"8", "5"});
  rejects<ValueError>([&] { model_.evaluate(x_.rows(0, 5), y_, {.verbose = 0}); }, {"8", "5"});
  Array weights(DType::float32, {7});
  rejects<ValueError>([&] { model_.fit(x_, y_, {.verbose = 0, .sample_weight = weights}); }, {"8", "7"});
}

TEST_F(BadFit, NoData) {
  rejects<ValueError>([&] { model_.fit(x_.rows(0, 0), y_.rows(0, 0), {.verbose = 0}); }, {"0"});
  rejects<ValueError>([&] { model_.evaluate(x_.rows(0, 0), y_.rows(0, 0), {.verbose = 0}); }, {"0"});
  rejects<ValueError>([&] { model_.fit(Arrays(), y_, {.verbose = 0}); }, {"x"});
}

TEST_F(BadFit, LabelsOutOfRange) {
  Array labels = y_.clone();
  labels.set(5, 4);
  rejects<ValueError>([&] { model_.fit(x_, labels, {.batch_size = 4, .verbose = 0}); }, {"label", "4"});
  labels.set(5, -1);
  rejects<ValueError>([&] { model_.fit(x_, labels, {.batch_size = 4, .verbose = 0}); }, {"label", "-1"});
  rejects<ValueError>([&] { model_.evaluate(x_, labels, {.batch_size = 4, .verbose = 0}); }, {"label", "-1"});
  rejects<ValueError>([&] { model_.fit(x_, y_, {.batch_size = 4, .verbose = 0, .validation_data = {x_, labels}}); },
                      {"label", "-1"});
}

TEST_F(BadFit, InputsOfAnotherShape) {
  rejects<ValueError>([&] { model_.fit(Array(DType::float32, {8, 5}), y_, {.verbose = 0}); }, {"classifier", "(None, 3)", ", 5)"});
  rejects<ValueError>([&] { model_.predict(Array(DType::float32, {8, 5}), {.verbose = 0}); }, {"(None, 3)"});
  rejects<ValueError>([&] { model_.predict(Array(DType::float32, {8, 3, 2}), {.verbose = 0}); }, {"(None, 3)"});
}

TEST_F(BadFit, TargetsOfAnotherShape) {
  rejects<ValueError>([&] { model_.fit(x_, Array(DType::int32, {8, 3}), {.verbose = 0}); }, {"(8, 3)", "(8, 4)"});
}

TEST_F(BadFit, NumbersThatMakeNoSense) {
  rejects<ValueError>([&] { model_.fit(x_, y_, {.epochs = -1, .verbose = 0}); }, {"epochs", "-1"});
  rejects<ValueError>([&] { model_.fit(x_, y_, {.batch_size = 0, .verbose = 0}); }, {"batch_size", "0"});
  rejects<ValueError>([&] { model_.fit(x_, y_, {.batch_size = -3, .verbose = 0}); }, {"batch_size", "-3"});
  rejects<ValueError>([&] { model_.fit(x_, y_, {.verbose = 0, .validation_split = 1.5}); }, {"validation_split", "1.5"});
  rejects<ValueError>([&] { model_.fit(x_, y_, {.verbose = 0, .validation_split = -0.1}); }, {"validation_split"});
  rejects<ValueError>([&] { model_.fit(x_, y_, {.verbose = 0, .steps_per_epoch = 0}); }, {"steps_per_epoch", "0"});
}

TEST_F(BadFit, WeightsThatDoNotFit) {
  rejects<ValueError>([&] { model_.set_weights({Array(DType::float32, {3, 4})}); }, {"2", "1"});
  rejects<ValueError>([&] { model_.set_weights({Array(DType::float32, {3, 4}), Array(DType::float32, {5})}); },
                      {"(4,)", "(5,)"});
}

// As in Keras, NaN in the data is no error: it comes out as it went in, and TerminateOnNaN is there to stop it.
TEST_F(BadFit, NanInTheDataIsSeenInTheLoss) {
  Array x = x_.clone();
  x.set(0, std::numeric_limits<double>::quiet_NaN());
  EXPECT_TRUE(std::isnan(model_.evaluate(x, y_, {.verbose = 0})["loss"]));
  const History history = model_.fit(x, y_, {.verbose = 0});
  EXPECT_TRUE(std::isnan(history["loss"][0]));
}

}  // namespace
}  // namespace hornbeam::e2e
