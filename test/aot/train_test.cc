// Training by a compiled library is fit: the same bits in weights, optimizer and metrics.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/layers/batch_normalization.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/dropout.h>
#include <hornbeam/losses/mean_squared_error.h>
#include <hornbeam/optimizers/sgd.h>
#include <hornbeam/random.h>

#include "test/aot/aot_support.h"

namespace hornbeam::aot {
namespace {

constexpr int64_t kRows = 128;  // four batches of 32

std::vector<int64_t> shuffled(const Library& library, uint64_t seed, int64_t epoch, size_t count) {
  std::vector<int64_t> rows(count);
  library.find<void(uint64_t, int64_t, int64_t*, size_t)>("shuffle")(seed, epoch, rows.data(), count);
  return rows;
}

TEST(Train, EqualsFitBitForBit) {
  Sequential model = small_model();
  std::string path = folder() + "/train.so";
  export_model(model, path, {.function = "train", .cpu = "native", .prefix = "small"});
  Library library(path, "small");
  Instance instance(library);
  Array x = features(kRows), y = labels(kRows);
  std::vector<float> metrics;
  for (int64_t epoch = 0; epoch < 3; ++epoch) {
    instance.reset_metrics();
    EXPECT_EQ(instance.train_steps(x, y, shuffled(library, 5, epoch, kRows).data(), 4), 0);
    metrics = instance.metrics(2);
  }
  History history = model.fit(x, y, {.epochs = 3, .batch_size = 32, .verbose = 0, .seed = 5});
  std::vector<Array> weights = model.get_weights();
  expect_same_bits(instance.get("sequential/hidden/kernel", {20, 16}), weights[0], "sequential/hidden/kernel");
  expect_same_bits(instance.get("sequential/classes/bias", {4}), weights[3], "sequential/classes/bias");
  for (const Variable& variable : model.optimizer()->variables())
    if (variable.dtype() == DType::float32)
      expect_same_bits(instance.get(variable.path(), variable.shape()), variable.value(), variable.path());
  EXPECT_EQ(metrics[0], static_cast<float>(history["accuracy"].back()));
  EXPECT_EQ(metrics[1], static_cast<float>(history["loss"].back()));
  // It predicts with what it has learned.
  expect_same_bits(instance.predict(x.rows(0, 64), 4), model.predict(x.rows(0, 64), {.verbose = 0})[0], "prediction");
}

TEST(Train, DropoutAndBatchNormalizationAsInFit) {
  clear_session();
  set_random_seed(3);
  Sequential model({Input({20}), layers::Dense({.units = 12}), layers::BatchNormalization(),
                    layers::Dropout({.rate = 0.4}), layers::Dense({.units = 1})});
  model.compile(
      {.optimizer = optimizers::SGD({.learning_rate = 0.05, .momentum = 0.9}), .loss = losses::MeanSquaredError()});
  std::string path = folder() + "/dropout.so";
  export_model(model, path, {.function = "train", .cpu = "native", .prefix = "small"});
  Library library(path, "small");
  Instance instance(library);
  Array x = features(kRows), y = labels(kRows).cast(DType::float32).reshaped({kRows, 1});
  EXPECT_EQ(instance.train_steps(x, y, nullptr, 4), 0);
  EXPECT_EQ(instance.train_steps(x, y, nullptr, 4), 0);
  model.fit(x, y, {.epochs = 2, .batch_size = 32, .verbose = 0, .shuffle = false});
  for (const Variable& variable : model.weights())
    expect_same_bits(instance.get(variable.path(), variable.shape()), variable.value(), variable.path());
}

TEST(Train, ManyStepsInOneCallEqualOneByOne) {
  Sequential model = small_model();
  std::string path = folder() + "/steps.so";
  export_model(model, path, {.function = "train", .batch_size = 16, .prefix = "small"});
  Library library(path, "small");
  Array x = features(kRows), y = labels(kRows);
  Instance many(library), single(library);
  std::vector<int64_t> rows = shuffled(library, 1, 0, kRows);
  EXPECT_EQ(many.train_steps(x, y, rows.data(), 8), 0);
  for (int64_t step = 0; step < 8; ++step) EXPECT_EQ(single.train_steps(x, y, rows.data() + 16 * step, 1), 0);
  expect_same_bits(many.get("sequential/hidden/kernel", {20, 16}), single.get("sequential/hidden/kernel", {20, 16}),
                   "sequential/hidden/kernel");
}

TEST(Train, RefusesRowsThatAreNotThere) {
  Sequential model = small_model();
  std::string path = folder() + "/rows.so";
  export_model(model, path, {.function = "train", .prefix = "small"});
  Library library(path, "small");
  Instance instance(library);
  Array before = instance.get("sequential/hidden/kernel", {20, 16});
  std::vector<int64_t> rows(32, 0);
  rows[7] = 64;
  EXPECT_EQ(instance.train_steps(features(64), labels(64), rows.data(), 1), 1);
  EXPECT_EQ(instance.last_error(), "row number 64 is not one of the 64 rows of the data");
  rows[7] = -1;
  EXPECT_EQ(instance.train_steps(features(64), labels(64), rows.data(), 1), 1);
  EXPECT_EQ(instance.train_steps(features(64), labels(64), nullptr, 3), 1);
  EXPECT_EQ(instance.last_error(), "the steps take 96 rows in order, and the data have 64");
  expect_same_bits(instance.get("sequential/hidden/kernel", {20, 16}), before, "sequential/hidden/kernel");
}

// Weights and optimizer as the model has them now: training goes on where fit stopped.
TEST(Train, GoesOnWhereFitStopped) {
  Sequential model = small_model();
  Array x = features(kRows), y = labels(kRows);
  model.fit(x, y, {.epochs = 1, .batch_size = 32, .verbose = 0, .shuffle = false});
  for (const char* weights : {"inside", "external"}) {
    SCOPED_TRACE(weights);
    std::string path = folder() + "/goes_on_" + weights + ".so";
    export_model(model, path, {.function = "train", .cpu = "native", .weights = weights, .prefix = "small"});
    Library library(path, "small");
    Instance instance(library);
    if (std::string(weights) == "external")
      EXPECT_EQ(instance.load(read_file(folder() + "/goes_on_external.safetensors")), 0) << instance.last_error();
    EXPECT_EQ(instance.train_steps(x, y, nullptr, 4), 0);
    Sequential again = small_model();
    again.fit(x, y, {.epochs = 2, .batch_size = 32, .verbose = 0, .shuffle = false});
    expect_same_bits(instance.get("sequential/hidden/kernel", {20, 16}), again.get_weights()[0],
                     "sequential/hidden/kernel");
  }
}

Array sample_weights(int64_t rows) {
  Array weights(DType::float32, {rows});
  for (int64_t i = 0; i < rows; ++i) weights.set(i, 0.25 * static_cast<double>(i % 7));
  return weights;
}

void expect_state_of(const Model& model, Instance& instance) {
  std::vector<Variable> variables = model.weights();
  for (const Variable& variable : model.optimizer()->variables())
    if (variable.dtype() == DType::float32) variables.push_back(variable);
  for (const Variable& variable : variables)
    expect_same_bits(instance.get(variable.path(), variable.shape()), variable.value(), variable.path());
}

TEST(Train, SampleWeightsCountAsInFit) {
  Sequential model = small_model();
  std::string path = folder() + "/weights.so";
  export_model(model, path, {.function = "train", .sample_weight = true, .cpu = "native", .prefix = "small"});
  Library library(path, "small");
  Instance instance(library);
  Array x = features(kRows), y = labels(kRows), weights = sample_weights(kRows);
  EXPECT_EQ(instance.train_steps({x, y, weights}, nullptr, 4), 0) << instance.last_error();
  History history =
      model.fit(x, y, {.epochs = 1, .batch_size = 32, .verbose = 0, .shuffle = false, .sample_weight = weights});
  expect_state_of(model, instance);
  EXPECT_EQ(instance.metrics(2)[1], static_cast<float>(history["loss"].back()));
  EXPECT_THAT(read_file(folder() + "/weights.h"), testing::HasSubstr("sample_weight [rows] float32"));
}

TEST(Train, ShortLastBatchAsInFit) {
  Sequential model = small_model();
  std::string path = folder() + "/last.so";
  export_model(model, path,
               {.function = "train", .sample_weight = true, .last_batch_size = 5, .cpu = "native", .prefix = "small"});
  Library library(path, "small");
  Instance instance(library);
  const int64_t rows = 3 * 32 + 5;
  Array x = features(rows), y = labels(rows), weights = sample_weights(rows);
  History history = model.fit(x, y, {.epochs = 2, .batch_size = 32, .verbose = 0, .sample_weight = weights, .seed = 9});
  for (int64_t epoch = 0; epoch < 2; ++epoch) {
    std::vector<int64_t> order = shuffled(library, 9, epoch, rows);
    instance.reset_metrics();
    EXPECT_EQ(instance.train_steps({x, y, weights}, order.data(), 3), 0) << instance.last_error();
    EXPECT_EQ(instance.train_last({x, y, weights}, order.data() + 96), 0) << instance.last_error();
  }
  expect_state_of(model, instance);
  EXPECT_EQ(instance.metrics(2)[0], static_cast<float>(history["accuracy"].back()));
  EXPECT_EQ(instance.metrics(2)[1], static_cast<float>(history["loss"].back()));
  std::vector<int64_t> wrong(5, rows);
  EXPECT_EQ(instance.train_last({x, y, weights}, wrong.data()), 1);
  EXPECT_EQ(instance.last_error(), "row number 101 is not one of the 101 rows of the data");
  EXPECT_THAT(read_file(folder() + "/last.h"), testing::HasSubstr("#define SMALL_LAST_BATCH_SIZE 5"));
}

}  // namespace
}  // namespace hornbeam::aot
