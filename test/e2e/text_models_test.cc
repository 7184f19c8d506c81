// Models with strings: what runs on the host and what is compiled give together what the layers give one by one.
#include <cstring>

#include <gtest/gtest.h>
#include <hornbeam/base/strings.h>
#include <hornbeam/export.h>
#include <hornbeam/layers/concatenate.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/embedding.h>
#include <hornbeam/layers/global_pooling.h>
#include <hornbeam/layers/hashed_crossing.h>
#include <hornbeam/layers/hashing.h>
#include <hornbeam/layers/string_lookup.h>
#include <hornbeam/layers/text_vectorization.h>
#include <hornbeam/ops.h>
#include <hornbeam/optimizers/adam.h>
#include <hornbeam/random.h>
#include <hornbeam/runtime/runtime.h>
#include <hornbeam/saving.h>
#include <hornbeam/sequential.h>

#include "test/support/expect_error.h"
#include "test/support/temporary_folder.h"

namespace hornbeam::e2e {
namespace {

using layers::Dense;
using layers::Embedding;
using layers::GlobalAveragePooling1D;
using layers::HashedCrossing;
using layers::Hashing;
using layers::StringLookup;
using layers::TextVectorization;

const std::vector<std::string> kGood = {"good", "fine", "lovely", "great"}, kBad = {"bad", "poor", "awful", "dull"};
const std::vector<std::string> kOther = {"the", "film", "was", "a", "story", "with", "songs"};

struct Reviews {
  Array texts, labels;
};

// Sentences with one word that tells the class among others that do not.
Reviews reviews(int64_t count, uint64_t seed) {
  std::vector<std::string> texts;
  Array labels(DType::float32, {count});
  uint64_t state = seed;
  auto draw = [&](size_t below) { return static_cast<size_t>((state = state * 6364136223846793005u + 1442695040888963407u) >> 33) % below; };
  for (int64_t i = 0; i < count; ++i) {
    bool good = draw(2) == 1;
    labels.set(i, good);
    std::string text;
    size_t length = 3 + draw(4), at = draw(length);
    for (size_t word = 0; word < length; ++word) {
      const auto& from = word != at ? kOther : good ? kGood : kBad;
      text += (word ? " " : "") + from[draw(from.size())];
    }
    texts.push_back(text + "!");
  }
  return {strings(std::move(texts)), labels};
}

TextVectorization adapted(std::optional<int64_t> length = 8) {
  TextVectorization vectorize({.output_sequence_length = length, .name = "vectorize"});
  vectorize.adapt(reviews(200, 1).texts);
  return vectorize;
}

void expect_same(const Array& a, const Array& b) {
  ASSERT_EQ(a.shape(), b.shape());
  ASSERT_EQ(a.dtype(), b.dtype());
  EXPECT_EQ(std::memcmp(a.data(), b.data(), a.bytes()), 0);
}

Model classifier(const TextVectorization& vectorize) {
  set_random_seed(3);
  Tensor text = Input({.shape = {1}, .dtype = DType::string, .name = "text"});
  Tensor x = Embedding({.input_dim = 40, .output_dim = 8, .mask_zero = true, .name = "embed"})(vectorize(text));
  Model model(text, Dense({.units = 1, .activation = "sigmoid"})(GlobalAveragePooling1D()(x)));
  model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.05}),
                 .loss = "binary_crossentropy",
                 .metrics = {"accuracy"},
                 .steps_per_execution = 4});
  return model;
}

TEST(TextModel, LearnsFromStrings) {
  Model model = classifier(adapted());
  Reviews train = reviews(300, 1), test = reviews(100, 2);
  History history = model.fit(train.texts, train.labels,
                              {.epochs = 6, .batch_size = 32, .verbose = 0, .validation_split = 0.1, .seed = 1});
  EXPECT_GT(history["val_accuracy"].back(), 0.95);
  Logs logs = model.evaluate(test.texts, test.labels, {.verbose = 0});
  EXPECT_GT(logs.at("accuracy"), 0.95);
  Arrays whole = model.predict(test.texts, {.verbose = 0});
  expect_same(model.predict(test.texts.reshaped({100, 1}), {.verbose = 0})[0], whole[0]);
  expect_same(model.predict(Arrays{{"text", test.texts}}, {.verbose = 0})[0], whole[0]);
  // Called by itself, as a layer.
  expect_same(model(test.texts.reshaped({100, 1})).single().array(), whole[0]);
  model.train_on_batch(train.texts, train.labels);
  EXPECT_GT(model.test_on_batch(test.texts, test.labels).at("accuracy"), 0.95);
}

TEST(TextModel, IsTheSameAsItsPartsOneAfterTheOther) {
  TextVectorization vectorize = adapted();
  Model model = classifier(vectorize);
  Reviews data = reviews(50, 5);
  Tensor numbers = Input({.shape = {8}, .dtype = DType::int64});
  Tensor x = model.get_layer("embed")->invoke(numbers).single();
  Tensor y = model.layers().back()->invoke(GlobalAveragePooling1D()(x)).single();
  Model core(numbers, y);
  expect_same(core.predict(vectorize(data.texts).array(), {.verbose = 0})[0], model.predict(data.texts, {.verbose = 0})[0]);
}

TEST(TextModel, MayBeSequentialWithoutAnInput) {
  set_random_seed(3);
  Sequential model({adapted(), Embedding({.input_dim = 40, .output_dim = 8}), GlobalAveragePooling1D(),
                    Dense({.units = 1, .activation = "sigmoid"})});
  model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.05}), .loss = "binary_crossentropy"});
  Reviews data = reviews(64, 1);
  History history = model.fit(data.texts, data.labels, {.epochs = 3, .verbose = 0});
  EXPECT_LT(history["loss"].back(), history["loss"].front());
  EXPECT_EQ(model.predict(data.texts, {.verbose = 0})[0].shape(), (Shape{64, 1}));
}

TEST(TextModel, PadsToTheLongestTextOfACall) {
  Sequential model({Input({.shape = {}, .dtype = DType::string}), adapted(std::nullopt),
                    Embedding({.input_dim = 40, .output_dim = 8, .mask_zero = true}), GlobalAveragePooling1D()});
  Array y = model.predict(strings({"a good film", "bad"}), {.verbose = 0})[0];
  expect_same(model.predict(strings({"bad"}), {.verbose = 0})[0], y.rows(1, 2));
}

TEST(TextModel, NestsAPreprocessingModel) {
  Tensor text = Input({.shape = {1}, .dtype = DType::string});
  Model prepare(text, adapted()(text), "prepare");
  Reviews data = reviews(20, 4);
  // By itself it has no compiled part.
  Array numbers = prepare.predict(data.texts, {.verbose = 0})[0];
  EXPECT_EQ(numbers.dtype(), DType::int64);
  expect_same(numbers, adapted()(data.texts).array());
  prepare.compile({.optimizer = "sgd", .loss = "mse"});
  EXPECT_ERROR(prepare.fit(data.texts, data.labels, {.verbose = 0}), ValueError, "ends with a layer that runs on the host");

  set_random_seed(3);
  Sequential whole({Input({.shape = {}, .dtype = DType::string}), prepare, Embedding({.input_dim = 40, .output_dim = 4}),
                    GlobalAveragePooling1D()});
  Array y = whole.predict(data.texts, {.verbose = 0})[0];
  EXPECT_EQ(y.shape(), (Shape{20, 4}));
  Model numeric = Sequential({Input({.shape = {8}, .dtype = DType::int64}), whole.layers()[1], whole.layers()[2]});
  expect_same(numeric.predict(numbers, {.verbose = 0})[0], y);
}

Model structured() {
  set_random_seed(5);
  Tensor city = Input({.shape = {1}, .dtype = DType::string, .name = "city"});
  Tensor hour = Input({.shape = {1}, .dtype = DType::int32, .name = "hour"});
  Tensor price = Input({.shape = {2}, .name = "price"});
  Tensor crossed = HashedCrossing({.num_bins = 16, .output_mode = "one_hot"})({city, hour}).single();
  Tensor known = StringLookup({.vocabulary = {{"oslo", "rome"}}, .output_mode = "one_hot"})(city);
  Tensor hashed = Hashing({.num_bins = 5, .output_mode = "one_hot"})(hour);
  Tensor x = layers::Concatenate()({crossed, known, hashed, price}).single();
  return Model({city, hour, price}, Dense({.units = 2, .name = "head"})(x));
}

Arrays structured_data() {
  return {{"city", strings({4, 1}, {"oslo", "rome", "paris", "oslo"})},
          {"hour", Array::of<int32_t>({4, 1}, {1, 2, 3, 4})},
          {"price", Array::of<float>({4, 2}, {1, 2, 3, 4, 5, 6, 7, 8})}};
}

TEST(TextModel, MixesStringsAndNumbers) {
  Model model = structured();
  Arrays data = structured_data();
  Array y = model.predict(data, {.verbose = 0})[0];
  // By hand: one row of the kernel for each feature that is on.
  Array kernel = model.get_layer("head")->get_weights()[0];
  Array cross = HashedCrossing({.num_bins = 16})({data["city"], data["hour"]}).single().array();
  Array hash = Hashing({.num_bins = 5})(data["hour"]).array();
  const int64_t lookup[] = {1, 2, 0, 1};
  for (int64_t row = 0; row < 4; ++row)
    for (int64_t k = 0; k < 2; ++k) {
      double sum = kernel.get(cross.get_int(row) * 2 + k) + kernel.get((16 + lookup[row]) * 2 + k) +
                   kernel.get((19 + hash.get_int(row)) * 2 + k) + data["price"].get(row * 2) * kernel.get(24 * 2 + k) +
                   data["price"].get(row * 2 + 1) * kernel.get(25 * 2 + k);
      EXPECT_NEAR(y.get(row * 2 + k), sum, 1e-5);
    }
  model.compile({.optimizer = "sgd", .loss = "mse"});
  History history = model.fit(data, y, {.epochs = 2, .verbose = 0});
  EXPECT_NEAR(history["loss"][0], 0, 1e-9);
}

TEST(TextModel, EndsWithStrings) {
  Tensor x = Input({.shape = {3}, .name = "x"});
  Tensor logits = Dense({.units = 3, .kernel_initializer = "identity"})(x);
  Tensor name = StringLookup({.num_oov_indices = 0, .vocabulary = {{"cat", "dog", "cow"}}, .invert = true, .name = "names"})(
      ops::argmax(logits, -1));
  Model model(x, {name, logits});
  Arrays y = model.predict(Array::of<float>({2, 3}, {0, 1, 0, 5, 1, 2}), {.verbose = 0});
  EXPECT_EQ(strings_of(y[0])[0], "dog");
  EXPECT_EQ(strings_of(y[0])[1], "cat");
  EXPECT_EQ(y[1].get(3), 5);
  model.compile({.optimizer = "sgd", .loss = "mse"});
  EXPECT_ERROR(model.evaluate(Array(DType::float32, {1, 3}), Arrays{Array(DType::float32, {1}), Array(DType::float32, {1, 3})},
                              {.verbose = 0}),
               ValueError, "no loss of its outputs");
}

TEST(TextModel, HasNoStringsBetweenCompiledLayers) {
  Tensor x = Input({.shape = {3}});
  Tensor name = StringLookup({.vocabulary = {{"cat", "dog"}}, .invert = true, .name = "names"})(
      ops::argmax(Dense({.units = 3})(x), -1));
  Tensor back = Hashing({.num_bins = 4, .name = "bins"})(name);
  EXPECT_ERROR(Model(x, Embedding({.input_dim = 4, .output_dim = 2, .name = "embed"})(back)), ValueError,
               "Layer 'bins' (Hashing) works on strings and stands between compiled layers");
  Tensor text = Input({.shape = {1}, .dtype = DType::string});
  EXPECT_ERROR(Dense({.units = 2, .name = "dense"})(text), TypeError,
               "Layer 'dense' (Dense) cannot take strings. Turn them into numbers first");
  EXPECT_ERROR(adapted()(x), TypeError, "Layer 'vectorize' takes strings. Received: a tensor of float32");
}

TEST(TextModel, SaysWhatIsWrongWithData) {
  Model model = classifier(adapted());
  EXPECT_ERROR(model.predict(Array(DType::float32, {2, 1}), {.verbose = 0}), TypeError, "An array of strings was expected");
  EXPECT_ERROR(model.predict(strings({2, 2}, {"a", "b", "c", "d"}), {.verbose = 0}), ValueError,
               "takes strings of shape (None, 1). Received: an array of shape (2, 2)");
  Sequential numeric({Input({3}), Dense({.units = 1})});
  EXPECT_ERROR(numeric.predict(strings({1, 3}, {"a", "b", "c"}), {.verbose = 0}), TypeError, "has no layer for them");
  EXPECT_ERROR(model.fit(strings({"a"}), strings({"b"}), {.verbose = 0}), TypeError, "y holds strings");
}

TEST(TextModel, SavesAndGoesOnTraining) {
  test::TemporaryFolder folder;
  Model model = classifier(adapted());
  Reviews data = reviews(60, 3);
  model.fit(data.texts, data.labels, {.epochs = 1, .verbose = 0, .shuffle = false});
  model.save(folder / "m.keras");
  Model again = load_model(folder / "m.keras");
  auto vocabulary = [](const Model& of) {
    return dynamic_cast<const TextVectorization&>(*of.get_layer("vectorize")).get_vocabulary();
  };
  EXPECT_EQ(vocabulary(again), vocabulary(model));
  expect_same(again.predict(data.texts, {.verbose = 0})[0], model.predict(data.texts, {.verbose = 0})[0]);
  FitOptions options{.epochs = 1, .verbose = 0, .shuffle = false};
  EXPECT_EQ(again.fit(data.texts, data.labels, options)["loss"], model.fit(data.texts, data.labels, options)["loss"]);
  EXPECT_ERROR(model.save(folder / "m.h5"), NotImplementedError, "no place for the vocabulary that Layer 'vectorize'");
}

TEST(TextModel, IsCarriedByAPackage) {
  test::TemporaryFolder folder;
  Model model = structured();
  export_model(model, folder / "m.hbp", {.emit = "package", .batch_size = 4});
  runtime::Program program = runtime::load(folder / "m.hbp");
  ASSERT_EQ(program.prologue.inputs.size(), 3u);
  EXPECT_EQ(program.prologue.inputs[0].name, "city");
  Arrays data = structured_data();
  std::vector<Array> inputs = runtime::HostFunction(program.prologue).run({data["city"], data["hour"], data["price"]});
  runtime::State state(runtime::cpu_device(), program.state);
  for (const Variable& variable : model.variables()) state.write(variable.path(), variable.value());
  auto executable = runtime::cpu_device()->load(program);
  runtime::PredictPlan plan;
  plan.state = &state;
  plan.step = {executable.get(), "predict_step"};
  plan.batch_size = 4;
  plan.data = inputs;
  runtime::FitObserver silent;
  expect_same(runtime::run_predict(plan, silent)[0], model.predict(data, {.batch_size = 4, .verbose = 0})[0]);
  for (const char* emit : {"obj", "static-lib", "shared-lib", "exe", "wasm"})
    EXPECT_ERROR(export_model(model, folder / "m.out", {.emit = emit}), NotImplementedError,
                 "has layers that run on the host (strings), which a '" + std::string(emit) + "' does not carry");
  Model unknown = classifier(adapted(std::nullopt));
  EXPECT_ERROR(export_model(unknown, folder / "u.hbp", {.emit = "package"}), ValueError, "Give it an output_sequence_length");
}

}  // namespace
}  // namespace hornbeam::e2e
