// Every layer: its config makes the same layer again, and bad options and inputs are told by name. Numbers are checked
// by the conformance cases.
#include <gtest/gtest.h>
#include <hornbeam/input.h>
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
#include <hornbeam/layers/relu.h>
#include <hornbeam/layers/rescaling.h>
#include <hornbeam/layers/reshape.h>
#include <hornbeam/layers/softmax.h>

#include "test/frontend/evaluated_support.h"

namespace hornbeam::layers {
namespace {

using testing::evaluated;
using testing::expect_error;

struct Made {
  const char* class_name;
  LayerPtr layer;
};

// None of the options has its default.
std::vector<Made> all_layers() {
  return {
      {"Dense", Dense({.units = 3,
                       .activation = "relu",
                       .use_bias = false,
                       .kernel_regularizer = "l2",
                       .name = "n",
                       .trainable = false})
                    .shared()},
      {"Flatten", Flatten({.data_format = "channels_first", .name = "n"}).shared()},
      {"Reshape", Reshape({.target_shape = {2, -1}, .name = "n"}).shared()},
      {"Activation", Activation({.activation = "tanh", .name = "n"}).shared()},
      {"ReLU", ReLU({.max_value = 6, .negative_slope = 0.1, .threshold = 0.5, .name = "n"}).shared()},
      {"Softmax", Softmax({.axis = {1, 2}, .name = "n"}).shared()},
      {"Dropout", Dropout({.rate = 0.3, .noise_shape = Shape{kUnknown, 1, 4}, .seed = 5, .name = "n"}).shared()},
      {"Conv2D", Conv2D({.filters = 4,
                         .kernel_size = {3, 2},
                         .strides = 2,
                         .padding = "same",
                         .data_format = "channels_first",
                         .groups = 2,
                         .activation = "relu",
                         .use_bias = false,
                         .kernel_initializer = "he_normal",
                         .name = "n"})
                     .shared()},
      {"MaxPooling2D", MaxPooling2D({.pool_size = 3, .strides = Size2(1, 2), .padding = "same", .name = "n"}).shared()},
      {"AveragePooling2D", AveragePooling2D({.pool_size = {3, 2}, .padding = "same", .name = "n"}).shared()},
      {"GlobalAveragePooling2D",
       GlobalAveragePooling2D({.data_format = "channels_first", .keepdims = true, .name = "n"}).shared()},
      {"BatchNormalization",
       BatchNormalization({.axis = 1, .momentum = 0.9, .epsilon = 0.01, .center = false, .name = "n"}).shared()},
      {"Add", Add({.name = "n", .dtype = "bfloat16"}).shared()},
      {"Concatenate", Concatenate({.axis = 1, .name = "n"}).shared()},
      {"Rescaling", Rescaling({.scale = {0.1, 0.2}, .offset = -1, .name = "n"}).shared()},
  };
}

TEST(Layers, ComeBackFromTheirConfigs) {
  for (const Made& made : all_layers()) {
    Config serialized = made.layer->serialize();
    EXPECT_EQ(serialized.at("class_name").as_string(), made.class_name);
    EXPECT_EQ(serialized.at("module").as_string(), "keras.layers") << made.class_name;
    LayerPtr again = layer_from_config(Config::parse(serialized.to_json()));
    EXPECT_EQ(again->config(), made.layer->config()) << made.class_name;
    EXPECT_EQ(again->name(), "n");
  }
}

TEST(Layers, InferShapes) {
  auto shape = [](const Tensor& x) { return x.shape(); };
  Tensor image = Input({9, 7, 4});
  EXPECT_EQ(shape(Conv2D({.filters = 5, .kernel_size = 3})(image)), (Shape{kUnknown, 7, 5, 5}));
  EXPECT_EQ(shape(Conv2D({.filters = 5, .kernel_size = 3, .strides = 2, .padding = "same"})(image)),
            (Shape{kUnknown, 5, 4, 5}));
  EXPECT_EQ(shape(Conv2D({.filters = 6, .kernel_size = 2, .data_format = "channels_first"})(image)),
            (Shape{kUnknown, 6, 6, 3}));
  EXPECT_EQ(shape(Conv2D({.filters = 5, .kernel_size = 3})(Input({kUnknown, kUnknown, 4}))),
            (Shape{kUnknown, kUnknown, kUnknown, 5}));
  EXPECT_EQ(shape(MaxPooling2D()(image)), (Shape{kUnknown, 4, 3, 4}));
  EXPECT_EQ(shape(AveragePooling2D({.padding = "same"})(image)), (Shape{kUnknown, 5, 4, 4}));
  EXPECT_EQ(shape(GlobalAveragePooling2D()(image)), (Shape{kUnknown, 4}));
  EXPECT_EQ(shape(Flatten()(image)), (Shape{kUnknown, 252}));
  EXPECT_EQ(shape(Reshape({.target_shape = {-1, 14}})(image)), (Shape{kUnknown, 18, 14}));
  EXPECT_EQ(shape(Add()({Input({3, 4}), Input({4})})), (Shape{kUnknown, 3, 4}));
  EXPECT_EQ(shape(Concatenate()({Input({3, 4}), Input({3, 2})})), (Shape{kUnknown, 3, 6}));
  EXPECT_EQ(shape(BatchNormalization()(image)), (Shape{kUnknown, 9, 7, 4}));
}

TEST(Layers, RejectBadOptions) {
  expect_error([] { Dense({.units = -1}); }, "[Dense] units must be positive. Received: units=-1");
  expect_error([] { Dropout({.rate = 1.5}); }, "[Dropout] rate must be between 0 and 1. Received: rate=1.5");
  expect_error([] { Conv2D({.filters = 0}); }, "[Conv2D] filters must be positive");
  expect_error([] { Conv2D({.filters = 4, .kernel_size = {0, 1}}); }, "kernel_size=(0, 1)");
  expect_error([] { Conv2D({.filters = 4, .strides = 2, .dilation_rate = 2}); }, "not supported in conjunction");
  expect_error([] { Conv2D({.filters = 4, .groups = 3}); }, "evenly divisible");
  expect_error([] { Conv2D({.filters = 4, .padding = "full"}); }, "padding=full");
  expect_error([] { Flatten({.data_format = "last"}); }, "data_format=last");
  expect_error([] { MaxPooling2D({.pool_size = -2}); }, "[MaxPooling2D] pool_size must be positive");
  expect_error([] { AveragePooling2D({.strides = Size2(0)}); }, "[AveragePooling2D] strides must be positive");
  expect_error([] { ReLU({.negative_slope = -1}); }, "[ReLU] negative_slope must not be negative");
  expect_error([] { Reshape({.target_shape = {-1, -1}}); }, "at most one -1");
  expect_error([] { Dense({.units = 1, .name = "a/b"}); }, "without the character `/`");
  expect_error([] { Dense({.units = 1, .dtype = "float33"}); }, "float33");
}

TEST(Layers, RejectInputsThatDoNotFit) {
  Tensor image = Input({9, 7, 4});
  expect_error([&] { Dense({.units = 1, .name = "d"})(Input(Shape{})); },
               "\"d\" is incompatible with the layer: expected min_ndim=2, found ndim=1");
  expect_error(
      [&] {
        Conv2D({.filters = 2, .kernel_size = 3, .name = "c"})(Input({9, 7}));
      },
      "expected ndim=4, found ndim=3");
  expect_error(
      [&] {
        Conv2D({.filters = 2, .kernel_size = {11, 1}, .name = "c"})(image);
      },
      "output size would be negative for layer 'c'");
  expect_error(
      [&] {
        Conv2D({.filters = 2, .groups = 2})(Input({9, 7, 3}));
      },
      "evenly divisible by the number of groups");
  expect_error([&] { Reshape({.target_shape = {5, 5}})(image); }, "input_shape=(9, 7, 4), target_shape=(5, 5)");
  expect_error([&] { BatchNormalization({.axis = 5, .name = "b"})(image); }, "axis=5 is out of range");
  expect_error([&] { Dropout({.rate = 0.5, .noise_shape = Shape{1, 1}})(image); }, "noise_shape=(1, 1)");
  expect_error([&] { Add({.name = "s"})({Input({3}), Input({4})}); }, "(None, 3) and (None, 4)");
  expect_error([&] { Concatenate()({Input({3, 4}), Input({2, 3})}); }, "matching shapes");
  Dense built({.units = 2, .name = "d"});
  built(Input({3}));
  expect_error([&] { built(Input({4})); },
               "expected axis -1 of input shape to have value 3, but received input with shape (None, 4)");
}

// The layer's own variables are seen in the compute dtype.
TEST(Layers, ComputeInTheirPolicy) {
  Dense dense({.units = 2, .kernel_initializer = "ones", .dtype = "mixed_bfloat16"});
  dense.ensure_built(Shape{1, 3});
  EXPECT_EQ(dense.kernel().dtype(), DType::float32);
  Array y = evaluated([&](const Tensors& x) { return dense(x[0]); }, Array::of<float>({1, 3}, {1, 2, 3}),
                      dense.variables())[0];
  EXPECT_EQ(y.dtype(), DType::bfloat16);
  EXPECT_EQ(y.get(1), 6.0);
}

}  // namespace
}  // namespace hornbeam::layers
