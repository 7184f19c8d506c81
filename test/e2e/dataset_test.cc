// fit, evaluate and predict on datasets: what they learn from arrays, to the last bit, and what they refuse.
#include <hornbeam/data/dataset.h>

#include <atomic>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/callbacks/lambda_callback.h>
#include <hornbeam/data/batch_sequence.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/flatten.h>
#include <hornbeam/losses/sparse_categorical_crossentropy.h>
#include <hornbeam/optimizers/adam.h>
#include <hornbeam/random.h>
#include <hornbeam/sequential.h>

namespace hornbeam::e2e {
namespace {

using testing::HasSubstr;

constexpr int64_t kRows = 70;  // 4 batches of 16 and one of 6

class DatasetFit : public testing::Test {
 protected:
  DatasetFit() : x_(DType::float32, {kRows, 4, 3}), y_(DType::int32, {kRows}) {
    for (int64_t i = 0; i < x_.num_elements(); ++i) x_.set(i, static_cast<double>((i * 37) % 101) / 101.0);
    for (int64_t i = 0; i < kRows; ++i) y_.set_int(i, (i * 7) % 3);
  }
  static Sequential model(StepsPerExecution steps = 1) {
    set_random_seed(5);
    Sequential model({Input({4, 3}), layers::Flatten(), layers::Dense({.units = 8, .activation = "relu"}),
                      layers::Dense({.units = 3})});
    model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.01}),
                   .loss = losses::SparseCategoricalCrossentropy({.from_logits = true}),
                   .metrics = {"accuracy"},
                   .steps_per_execution = steps});
    return model;
  }
  Dataset rows() const { return Dataset::from_arrays(x_, y_); }
  // The same elements, computed one by one.
  Dataset computed() const {
    return rows().map([](Element e) { return e; }, {.num_parallel_calls = 2});
  }
  static void expect_same(const Model& a, const Model& b) {
    std::vector<Array> wa = a.get_weights(), wb = b.get_weights();
    ASSERT_EQ(wa.size(), wb.size());
    for (size_t i = 0; i < wa.size(); ++i) EXPECT_EQ(std::memcmp(wa[i].data(), wb[i].data(), wa[i].bytes()), 0) << i;
  }
  static std::string error_of(const std::function<void()>& f) {
    try {
      f();
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }
  Array x_, y_;
};

TEST_F(DatasetFit, TrainsAsOnArrays) {
  Sequential arrays = model();
  History expected = arrays.fit(x_, y_, {.epochs = 3, .batch_size = 16, .verbose = 0, .validation_data = {x_, y_},
                                         .shuffle = false});
  for (const Dataset& dataset : {rows(), computed()}) {
    for (StepsPerExecution steps : {StepsPerExecution(1), StepsPerExecution(3), StepsPerExecution(64), StepsPerExecution("auto")}) {
      Sequential other = model(steps);
      Dataset batches = dataset.batch(16);
      History history = other.fit(batches, {.epochs = 3, .verbose = 0, .validation_data = batches});
      expect_same(other, arrays);
      EXPECT_EQ(history.history, expected.history);
    }
  }
}

TEST_F(DatasetFit, TakesBothKindsOfValidationData) {
  Sequential first = model(), second = model(), third = model();
  History a = first.fit(rows().batch(16), {.epochs = 2, .verbose = 0, .validation_data = {x_, y_}});
  History b = second.fit(x_, y_, {.epochs = 2, .batch_size = 16, .verbose = 0, .validation_data = computed().batch(16),
                                  .shuffle = false});
  EXPECT_EQ(a.history, b.history);
  expect_same(first, second);
}

TEST_F(DatasetFit, ShufflesAnewInEachEpochByTheSeed) {
  Sequential first = model(), second = model(4), third = model();
  first.fit(rows().shuffle({.seed = 1}).batch(16), {.epochs = 3, .verbose = 0});
  second.fit(computed().shuffle({.seed = 1}).batch(16).prefetch(), {.epochs = 3, .verbose = 0});
  third.fit(rows().shuffle({.seed = 2}).batch(16), {.epochs = 3, .verbose = 0});
  expect_same(first, second);
  EXPECT_NE(std::memcmp(first.get_weights()[0].data(), third.get_weights()[0].data(), first.get_weights()[0].bytes()),
            0);
  // Epochs 1 and 2 in a second run see what they see in one.
  Sequential parts = model();
  Dataset shuffled = rows().shuffle({.seed = 1}).batch(16);
  parts.fit(shuffled, {.epochs = 1, .verbose = 0});
  parts.fit(shuffled, {.epochs = 3, .verbose = 0, .initial_epoch = 1});
  expect_same(parts, first);
}

TEST_F(DatasetFit, GoesOnFromEpochToEpochWithStepsPerEpoch) {
  Sequential infinite = model(2), whole = model();
  std::vector<int64_t> ends;
  infinite.fit(computed().batch(14).repeat(), {.epochs = 5, .verbose = 0, .callbacks = {callbacks::LambdaCallback(
                   {.on_train_batch_end = [&](int64_t batch, const Logs&) { ends.push_back(batch); }})},
                   .steps_per_epoch = 3});
  whole.fit(rows().batch(14), {.epochs = 3, .verbose = 0});  // 15 steps, too
  expect_same(infinite, whole);
  EXPECT_EQ(ends, (std::vector<int64_t>{1, 3, 1, 3, 1, 3, 1, 3, 1, 3}));
  EXPECT_THAT(error_of([&] { infinite.fit(rows().batch(14).repeat()); }), HasSubstr("Give `steps_per_epoch`"));
}

TEST_F(DatasetFit, WeighsClassesAndSamples) {
  Array weights(DType::float32, {kRows});
  for (int64_t i = 0; i < kRows; ++i) weights.set(i, y_.get_int(i) == 1 ? 3.0 : 1.0);
  Sequential classes = model(), elements = model(2), arrays = model();
  std::map<int64_t, double> class_weight{{1, 3.0}};
  classes.fit(computed().batch(16), {.epochs = 2, .verbose = 0, .class_weight = class_weight});
  elements.fit(Dataset::from_arrays(x_, y_, weights).batch(16), {.epochs = 2, .verbose = 0});
  arrays.fit(x_, y_, {.epochs = 2, .batch_size = 16, .verbose = 0, .shuffle = false, .class_weight = class_weight});
  expect_same(classes, arrays);
  expect_same(elements, arrays);
}

TEST_F(DatasetFit, EvaluatesAndPredicts) {
  Sequential net = model(3);
  Array expected = net.predict(x_, {.batch_size = 16, .verbose = 0});
  Logs logs = net.evaluate(x_, y_, {.batch_size = 16, .verbose = 0});
  for (const Dataset& dataset : {rows(), computed()}) {
    Array predicted = net.predict(dataset.batch(16), {.verbose = 0});
    ASSERT_EQ(predicted.shape(), expected.shape());
    EXPECT_EQ(std::memcmp(predicted.data(), expected.data(), expected.bytes()), 0);
    Logs got = net.evaluate(dataset.batch(16), {.verbose = 0});
    EXPECT_EQ(got.at("loss"), logs.at("loss"));
    EXPECT_EQ(got.at("accuracy"), logs.at("accuracy"));
  }
  // Inputs alone will do for predict.
  Array alone = net.predict(Dataset::from_arrays(x_).batch(16), {.verbose = 0, .steps = 2});
  EXPECT_EQ(alone.shape(), Shape({32, 3}));
}

struct Batches : BatchSequence {
  Batches(Array x, Array y) : BatchSequence({.workers = 2}), x(std::move(x)), y(std::move(y)) {}
  int64_t size() const override { return 5; }
  Element batch(int64_t i) override {
    int64_t end = std::min<int64_t>(16 * i + 16, kRows);
    return {.x = x.rows(16 * i, end), .y = y.rows(16 * i, end)};
  }
  Array x, y;
};

TEST_F(DatasetFit, TakesASequenceOfBatches) {
  Sequential sequence = model(2), arrays = model();
  sequence.fit(Dataset::from_sequence(std::make_shared<Batches>(x_, y_)), {.epochs = 2, .verbose = 0});
  arrays.fit(x_, y_, {.epochs = 2, .batch_size = 16, .verbose = 0, .shuffle = false});
  expect_same(sequence, arrays);
}

TEST_F(DatasetFit, NamesTheElementThatDoesNotFit) {
  Sequential net = model();
  auto at_3 = [&](std::function<Element(Element)> change) {
    return rows().batch(16).map([change](Element e, const MapCall& call) { return call.index == 3 ? change(e) : e; });
  };
  EXPECT_THAT(error_of([&] {
                net.fit(at_3([](Element e) { return Element{.x = Array(DType::float32, {16, 5, 3}), .y = e.y}; }),
                        {.verbose = 0});
              }),
              testing::AllOf(HasSubstr("fit: element 3 of the dataset"), HasSubstr("(None, 4, 3)"),
                             HasSubstr("(16, 5, 3)")));
  EXPECT_THAT(error_of([&] { net.fit(at_3([](Element e) { return Element{.x = e.x}; }), {.verbose = 0}); }),
              testing::AllOf(HasSubstr("fit: element 3 of the dataset"), HasSubstr("Received: 0")));
  EXPECT_THAT(error_of([&] {
                net.fit(at_3([](Element e) { return Element{.x = e.x[0].cast(DType::float64), .y = e.y}; }),
                        {.verbose = 0});
              }),
              HasSubstr("fit: element 3 of the dataset is of another kind than the first. Expected: x of shape "
                        "(16, 4, 3) float32, y of shape (16,) int32. Received: x of shape (16, 4, 3) float64"));
  EXPECT_THAT(error_of([&] {
                net.evaluate(at_3([](Element e) {
                               Array labels(DType::int32, {16});
                               labels.set_int(4, 9);
                               return Element{.x = e.x, .y = labels};
                             }),
                             {.verbose = 0});
              }),
              testing::AllOf(HasSubstr("element 3 of the dataset"), HasSubstr("a label value of 9")));
  EXPECT_THAT(error_of([&] { net.fit(rows(), {.verbose = 0}); }), HasSubstr("did you forget Dataset::batch?"));
  EXPECT_THAT(error_of([&] { net.fit(rows().take(0).batch(2), {.verbose = 0}); }), HasSubstr("no elements"));
  EXPECT_THAT(error_of([&] { net.fit(rows().batch(8), {.batch_size = 8, .verbose = 0}); }),
              HasSubstr("`batch_size` must not be given with a Dataset"));
  EXPECT_THAT(error_of([&] { net.fit(rows().batch(8), {.verbose = 0, .validation_split = 0.1}); }),
              HasSubstr("`validation_split` must not be given with a Dataset"));
}

// What a worker throws ends fit, with the weights as of the steps before it; so does a callback, while workers run.
TEST_F(DatasetFit, ErrorsEndTrainingAndItsThreads) {
  Sequential net = model();
  Dataset failing = rows().batch(16).map(
      [](Element e, const MapCall& call) {
        if (call.pass == 1 && call.index == 2) throw IOError("the disk is gone");
        return e;
      },
      {.num_parallel_calls = 3});
  EXPECT_EQ(error_of([&] { net.fit(failing, {.epochs = 4, .verbose = 0}); }), "the disk is gone");
  EXPECT_EQ(net.optimizer()->iterations().value().get_int(0), 7);

  std::atomic<int> made{0};
  Dataset endless = rows().batch(16).repeat().map([&](Element e) {
    ++made;
    return e;
  }, {.num_parallel_calls = 3}).prefetch(2);
  auto interrupt = callbacks::LambdaCallback({.on_train_batch_end = [](int64_t batch, const Logs&) {
    if (batch == 2) throw ValueError("interrupted");
  }});
  EXPECT_EQ(error_of([&] { net.fit(endless, {.verbose = 0, .callbacks = {interrupt}, .steps_per_epoch = 1000}); }),
            "interrupted");
  EXPECT_LT(made, 40);  // the workers ended with fit
}

}  // namespace
}  // namespace hornbeam::e2e
