// clone_model, and models as JSON text.
#include <hornbeam/clone_model.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/merging.h>
#include <hornbeam/model_from_json.h>
#include <hornbeam/ops.h>
#include <hornbeam/optimizers/adam.h>
#include <hornbeam/sequential.h>

#include "test/frontend/arrays_support.h"
#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using layers::Dense;
using testing::expect_error;
using testing::expect_near;
using testing::random_array;

std::vector<std::string> names(const Model& model) {
  std::vector<std::string> names;
  for (const LayerPtr& layer : model.layers()) names.push_back(layer->name());
  return names;
}

// One layer called twice, an operation between, two outputs.
Model branching() {
  Tensor x = Input({.shape = {4}, .name = "x"});
  Dense shared({.units = 4, .activation = "tanh", .name = "shared"});
  Tensor h = shared(shared(x) + 1.0);
  return Model(x, Tensors({Dense({.units = 2, .name = "a"})(h), Dense({.units = 3, .name = "b"})(h)}), "net");
}

TEST(CloneModel, HasTheSameFormAndOtherWeights) {
  Model model = branching();
  model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.25}), .loss = "mse"});
  Model copy = clone_model(model);
  EXPECT_EQ(copy.name(), "net");
  EXPECT_EQ(names(copy), names(model));
  EXPECT_EQ(copy.weights().size(), model.weights().size());
  EXPECT_NE(copy.get_layer("a").get(), model.get_layer("a").get());
  Array x = random_array({5, 4}, 3);
  EXPECT_NE(copy.predict(x, {.verbose = 0})[0].get(0), model.predict(x, {.verbose = 0})[0].get(0));
  copy.set_weights(model.get_weights());
  for (size_t i = 0; i < 2; ++i)
    expect_near(copy.predict(x, {.verbose = 0})[i], model.predict(x, {.verbose = 0})[i], 1e-6f);
  // Compiled alike, with an optimizer of its own.
  ASSERT_TRUE(copy.compiled());
  EXPECT_EQ(copy.optimizer()->learning_rate(), 0.25);
  copy.fit(x, {random_array({5, 2}, 4), random_array({5, 3}, 5)}, {.verbose = 0});
  EXPECT_FALSE(model.optimizer()->built());
}

TEST(CloneModel, OfASequentialIsASequential) {
  Sequential model({Input({.shape = {3}, .name = "in"}), Dense({.units = 2, .name = "d"})}, "stack");
  Model copy = clone_model(model);
  EXPECT_EQ(copy.class_name(), "Sequential");
  EXPECT_EQ(copy.name(), "stack");
  EXPECT_EQ(names(copy), names(model));
  EXPECT_EQ(copy.input_names(), std::vector<std::string>{"in"});
  copy.set_weights(model.get_weights());
  Array x = random_array({2, 3}, 1);
  expect_near(copy.predict(x, {.verbose = 0}), model.predict(x, {.verbose = 0}), 1e-6f);
  // One that has not seen an input has not in the copy.
  EXPECT_FALSE(clone_model(Sequential({Dense({.units = 2})})).built());
}

TEST(CloneModel, TakesFunctionsAndInputs) {
  Model model = branching();
  int cloned = 0, called = 0;
  Tensor mine = Input({.shape = {4}, .name = "mine"});
  Model copy = clone_model(model, {.input_tensors = mine,
                                   .clone_function = [&](const LayerPtr& layer) -> LayerPtr {
                                     ++cloned;
                                     Config config = layer->serialize();
                                     config["config"]["use_bias"] = false;
                                     return layer_from_config(config);
                                   },
                                   .call_function = [&](const LayerPtr& layer, const Tensors& x, const CallArgs& args) {
                                     ++called;
                                     return layer->invoke(x, args);
                                   }});
  EXPECT_EQ(cloned, 3);  // each layer once, the addition is none
  EXPECT_EQ(called, 5);  // with the addition
  EXPECT_EQ(copy.input_names(), std::vector<std::string>{"mine"});
  EXPECT_EQ(copy.weights().size(), 3u);
}

TEST(CloneModel, RecursiveGoesIntoModels) {
  Sequential inner({Input({4}), Dense({.units = 4, .name = "deep"})}, "inner");
  Tensor x = Input({4});
  Model outer(x, Dense({.units = 1, .name = "top"})(inner(x)));
  std::vector<std::string> seen;
  CloneModelOptions options{.clone_function = [&](const LayerPtr& layer) {
    seen.push_back(layer->name());
    return layer_from_config(layer->serialize());
  }};
  clone_model(outer, options);
  EXPECT_THAT(seen, ::testing::ElementsAre("inner", "top"));
  seen.clear();
  options.recursive = true;
  Model copy = clone_model(outer, options);
  EXPECT_THAT(seen, ::testing::ElementsAre("deep", "top"));
  EXPECT_EQ(copy.weights().size(), outer.weights().size());
  copy.set_weights(outer.get_weights());
  Array data = random_array({3, 4}, 8);
  expect_near(copy.predict(data, {.verbose = 0}), outer.predict(data, {.verbose = 0}), 1e-6f);
}

class Plain : public ModelOf<Plain> {
 public:
  Plain() = default;
  Tensors call(const Tensors& x, const CallArgs&) override { return x; }
};

TEST(CloneModel, RefusesWhatDoesNotFit) {
  Sequential stack({Input({3}), Dense({.units = 2})});
  CloneModelOptions calls{.call_function = [](const LayerPtr& layer, const Tensors& x, const CallArgs& args) {
    return layer->invoke(x, args);
  }};
  expect_error([&] { clone_model(stack, calls); }, "`call_function` argument is not supported with Sequential models");
  expect_error([&] { clone_model(stack, {.input_tensors = Tensors({Input({3}), Input({3})})}); },
               "`input_tensors` must contain a single tensor");
  expect_error([&] { clone_model(branching(), {.input_tensors = Tensors({Input({4}), Input({4})})}); },
               "`input_tensors` must have the same structure as the inputs of model 'net'");
  expect_error([&] { clone_model(Plain(), calls); }, "only supported for Functional models");
  expect_error([&] { clone_model(branching(), {.clone_function = [](const LayerPtr&) { return LayerPtr(); }}); },
               "gave no layer for 'shared'");
}

TEST(ModelJson, GoesThereAndBack) {
  Model model = branching();
  model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.25}), .loss = "mse"});
  Model copy = model_from_json(model.to_json());
  EXPECT_EQ(names(copy), names(model));
  EXPECT_TRUE(copy.compiled());
  EXPECT_EQ(copy.to_json(), model.to_json());
  // New weights, not those of a file that never came.
  Array kernel = copy.get_layer("a")->get_weights()[0];
  EXPECT_NE(kernel.get(0), 0);
  EXPECT_NE(kernel.get(0), model.get_layer("a")->get_weights()[0].get(0));
}

// What Keras 3.15.1's to_json wrote, with what does not matter left out.
TEST(ModelJson, ReadsKeras) {
  Model model = model_from_json(R"({"module": "keras", "class_name": "Sequential", "config": {"name": "sequential",
    "trainable": true, "dtype": {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"},
    "registered_name": null}, "layers": [{"module": "keras.layers", "class_name": "InputLayer", "config":
    {"batch_shape": [null, 3], "dtype": "float32", "sparse": false, "ragged": false, "name": "input_layer", "optional":
    false}, "registered_name": null}, {"module": "keras.layers", "class_name": "Dense", "config": {"name": "dense",
    "trainable": true, "dtype": {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"},
    "registered_name": null}, "units": 2, "activation": "linear", "use_bias": true, "kernel_initializer": {"module":
    "keras.initializers", "class_name": "GlorotUniform", "config": {"seed": null, "input_axes": null, "output_axes":
    null}, "registered_name": null}, "bias_initializer": {"module": "keras.initializers", "class_name": "Zeros",
    "config": {}, "registered_name": null}, "kernel_regularizer": null, "bias_regularizer": null, "kernel_constraint":
    null, "bias_constraint": null, "quantization_config": null}, "registered_name": null, "build_config":
    {"input_shape": [null, 3]}}], "build_input_shape": [null, 3]}, "registered_name": null, "build_config":
    {"input_shape": [null, 3]}, "compile_config": {"optimizer": "adam", "loss": "mse", "loss_weights": null,
    "metrics": null, "weighted_metrics": null, "run_eagerly": false, "steps_per_execution": 1, "jit_compile": true}})");
  EXPECT_EQ(model.class_name(), "Sequential");
  EXPECT_TRUE(model.built());
  EXPECT_TRUE(model.compiled());
  EXPECT_EQ(model.predict(random_array({2, 3}, 1), {.verbose = 0})[0].shape(), Shape({2, 2}));
}

TEST(ModelJson, RefusesWhatIsNoModel) {
  expect_error<IOError>([] { model_from_json("{"); }, "JSON");
  auto of_class = [](const char* name, Config config) {
    Config object = Config::object(
        {{"module", "keras.layers"}, {"class_name", name}, {"config", config}, {"registered_name", nullptr}});
    return [text = object.to_json()] { model_from_json(text); };
  };
  expect_error<IOError>(of_class("Dense", Config::object({{"units", 1}})), "not a model");
  expect_error<IOError>(of_class("Nope", Config::object()), "Unknown layer: 'Nope'");
  Config unknown = Config::object(
      {{"module", "keras.layers"}, {"class_name", "Nope"}, {"config", Config::object()}, {"registered_name", nullptr}});
  expect_error<NotImplementedError>(
      of_class("Sequential", Config::object({{"name", "s"}, {"layers", Config::array({unknown})}})), "Nope");
  Config lambda = Config::object({{"module", "keras.layers"}, {"class_name", "Lambda"}, {"registered_name", nullptr},
      {"config", Config::object({{"name", "l"}, {"function", Config::object({{"class_name", "__lambda__"}, {"config",
          Config::object({{"code", "4wE="}})}})}})}});
  Config stack = Config::object({{"module", "keras"}, {"class_name", "Sequential"}, {"registered_name", nullptr},
      {"config", Config::object({{"name", "s"}, {"layers", Config::array({lambda})}})}});
  expect_error<IOError>([&] { model_from_json(stack.to_json()); }, "Lambda");
}

}  // namespace
}  // namespace hornbeam
