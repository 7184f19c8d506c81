// Models as graphs of layers: functional, sequential, nested; their names, configs and summaries.
#include <cstdlib>

#include <gtest/gtest.h>
#include <hornbeam/layers/merging.h>
#include <hornbeam/layers/batch_normalization.h>
#include <hornbeam/layers/concatenate.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/dropout.h>
#include <hornbeam/layers/flatten.h>
#include <hornbeam/sequential.h>

#include "test/frontend/arrays_support.h"
#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using layers::Dense;
using testing::expect_error;
using testing::expect_near;
using testing::random_array;

TEST(Functional, ListsLayersAsKeras) {
  Tensor x = Input({.shape = {4}, .name = "x"});
  Tensor a = Dense({.units = 3, .name = "a"})(x);
  Tensor b = Dense({.units = 3, .name = "b"})(a);
  Tensor sum = layers::Add({.name = "sum"})({a, b});
  Model model(x, Dense({.units = 1, .name = "out"})(sum), "net");
  std::vector<std::string> names;
  for (const LayerPtr& layer : model.layers()) names.push_back(layer->name());
  EXPECT_EQ(names, (std::vector<std::string>{"x", "a", "b", "sum", "out"}));
  EXPECT_EQ(model.input_names(), std::vector<std::string>{"x"});
  EXPECT_EQ(model.output_names(), std::vector<std::string>{"out"});
  EXPECT_EQ(model.get_layer("b")->class_name(), "Dense");
  expect_error([&] { model.get_layer("sun"); }, "Did you mean 'sum'?");
  expect_error([&] { model.get_layer(5); }, "only has 5 layers");
}

TEST(Functional, RejectsWhatDoesNotFollowFromItsInputs) {
  Tensor x = Input({4}), other = Input({.shape = {4}, .name = "stranger"});
  expect_error([&] { Model(x, Dense({.units = 1})(other)); }, "stranger");
  expect_error([&] { Model(x, Tensor(1.0)); }, "must be symbolic tensors");
  Tensor twice = Dense({.units = 4, .name = "same"})(Dense({.units = 4, .name = "same"})(x));
  expect_error([&] { Model(x, twice); }, "The name 'same' is used for two layers");
}

TEST(Functional, NestsAndGoesThroughItsConfig) {
  Tensor inner_in = Input({.shape = {4}, .name = "inner_in"});
  Model inner(inner_in, Dense({.units = 3, .activation = "tanh", .name = "inner_dense"})(inner_in), "inner");
  Tensor a = Input({.shape = {4}, .name = "a"}), b = Input({.shape = {4}, .name = "b"});
  Dense shared({.units = 2, .name = "shared"});
  Tensor both = layers::Concatenate({.name = "both"})({shared(inner(a)), shared(inner(b))});
  Model model({a, b}, {both, Dense({.units = 1, .name = "head"})(both)}, "outer");
  EXPECT_EQ(model.weights().size(), 6u);

  LayerPtr copy = layer_from_config(Config::parse(model.serialize().to_json()));
  auto& rebuilt = dynamic_cast<Model&>(*copy);
  EXPECT_EQ(rebuilt.config(), model.config());
  rebuilt.set_weights(model.get_weights());
  Arrays x{random_array({5, 4}, 1), random_array({5, 4}, 2)};
  Arrays y = model.predict(x, {.verbose = 0}), again = rebuilt.predict(x, {.verbose = 0});
  ASSERT_EQ(y.size(), 2u);
  EXPECT_EQ(y[0].shape(), (Shape{5, 4}));
  for (size_t i = 0; i < 2; ++i) expect_near(y[i], again[i], 0);
}

TEST(Sequential, IsBuiltByItsInputOrByData) {
  Sequential built({Input({4}), Dense({.units = 2, .kernel_initializer = "ones"})});
  EXPECT_TRUE(built.built());
  EXPECT_EQ(built.layers().size(), 1u);
  Sequential deferred({Dense({.units = 2, .kernel_initializer = "ones"})});
  EXPECT_FALSE(deferred.built());
  expect_error([&] { deferred.count_params(); }, "isn't built");
  Array x = random_array({3, 4}, 3);
  expect_near(built.predict(x, {.verbose = 0}), deferred.predict(x, {.verbose = 0}), 0);
  EXPECT_EQ(deferred.count_params(), 10);
  EXPECT_EQ(deferred.weights()[0].path(), deferred.name() + "/" + deferred.layers()[0]->name() + "/kernel");
}

TEST(Sequential, AddsAndPops) {
  Sequential model;
  expect_error([&] { model.predict(Array(DType::float32, {1, 4})); }, "has no layers");
  model.add(Input({4}));
  model.add(Dense({.units = 3, .name = "one"}));
  model.add(Dense({.units = 2, .name = "two"}));
  EXPECT_EQ(model.count_params(), 15 + 8);
  expect_error([&] { model.add(Dense({.units = 1, .name = "two"})); }, "unique names");
  model.pop();
  EXPECT_EQ(model.count_params(), 15);
  EXPECT_EQ(Array(model.predict(random_array({2, 4}, 1), {.verbose = 0})).shape(), (Shape{2, 3}));
}

TEST(Sequential, GoesThroughItsConfig) {
  Sequential model(
      {Input({4, 2}), layers::Flatten(), Dense({.units = 3, .activation = "relu"}), layers::Dropout({.rate = 0.1})});
  LayerPtr copy = layer_from_config(Config::parse(model.serialize().to_json()));
  EXPECT_EQ(copy->config(), model.config());
  EXPECT_EQ(copy->count_params(), model.count_params());
}

// What keras.Model.summary() prints in a terminal of 80 columns.
TEST(Model, SummaryIsKerasTable) {
  setenv("COLUMNS", "80", 1);
  Sequential stack({Input({28, 28}), layers::Flatten({.name = "flatten"}),
                    layers::BatchNormalization({.name = "batch_normalization"}), Dense({.units = 10, .name = "dense"})},
                   "mlp");
  EXPECT_EQ(stack.summary(), R"(Model: "mlp"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
│ flatten (Flatten)               │ (None, 784)            │             0 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ batch_normalization             │ (None, 784)            │         3,136 │
│ (BatchNormalization)            │                        │               │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ dense (Dense)                   │ (None, 10)             │         7,850 │
└─────────────────────────────────┴────────────────────────┴───────────────┘
 Total params: 10,986 (42.91 KB)
 Trainable params: 9,418 (36.79 KB)
 Non-trainable params: 1,568 (6.12 KB)
)");
  Tensor x = Input({.shape = {4}, .name = "x"});
  Tensor a = Dense({.units = 3, .name = "a"})(x), b = Dense({.units = 3, .name = "b"})(a);
  Model graph(
      x, Dense({.units = 1, .name = "a_layer_with_a_rather_long_name"})(layers::Add({.name = "sum"})({a, b}).single()),
      "net");
  EXPECT_EQ(graph.summary(), R"(Model: "net"
┏━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┓
┃ Layer (type)        ┃ Output Shape      ┃    Param # ┃ Connected to      ┃
┡━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━┩
│ x (InputLayer)      │ (None, 4)         │          0 │ -                 │
├─────────────────────┼───────────────────┼────────────┼───────────────────┤
│ a (Dense)           │ (None, 3)         │         15 │ x[0][0]           │
├─────────────────────┼───────────────────┼────────────┼───────────────────┤
│ b (Dense)           │ (None, 3)         │         12 │ a[0][0]           │
├─────────────────────┼───────────────────┼────────────┼───────────────────┤
│ sum (Add)           │ (None, 3)         │          0 │ a[0][0], b[0][0]  │
├─────────────────────┼───────────────────┼────────────┼───────────────────┤
│ a_layer_with_a_rat… │ (None, 1)         │          4 │ sum[0][0]         │
│ (Dense)             │                   │            │                   │
└─────────────────────┴───────────────────┴────────────┴───────────────────┘
 Total params: 31 (124.00 B)
 Trainable params: 31 (124.00 B)
 Non-trainable params: 0 (0.00 B)
)");
}

TEST(Model, TakesAPositiveNumberOfStepsPerExecution) {
  expect_error([] { StepsPerExecution(0); }, "steps_per_execution=0");
  expect_error([] { StepsPerExecution("many"); }, "Received: many");
  EXPECT_TRUE(StepsPerExecution("auto").is_auto());
}

}  // namespace
}  // namespace hornbeam
