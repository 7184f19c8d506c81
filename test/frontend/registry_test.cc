// The registry: names as Keras makes them, the nearest known name in errors.
#include <hornbeam/registry.h>

#include <gtest/gtest.h>
#include <hornbeam/layers/dense.h>

#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using testing::expect_error;

TEST(Registry, MakesSnakeCaseAsKeras) {
  EXPECT_EQ(registry::snake_case("Dense"), "dense");
  EXPECT_EQ(registry::snake_case("Conv2D"), "conv2d");
  EXPECT_EQ(registry::snake_case("Conv1DTranspose"), "conv1d_transpose");
  EXPECT_EQ(registry::snake_case("MaxPooling2D"), "max_pooling2d");
  EXPECT_EQ(registry::snake_case("LeakyReLU"), "leaky_re_lu");
  EXPECT_EQ(registry::snake_case("RMSprop"), "rm_sprop");
  EXPECT_EQ(registry::snake_case("BatchNormalization"), "batch_normalization");
  EXPECT_EQ(registry::snake_case("GroupQueryAttention"), "grouped_query_attention");  // Keras' own class name
}

TEST(Registry, SuggestsTheNearestName) {
  expect_error([] { registry::create(Kind::layer, "Dennse"); }, "Unknown layer: 'Dennse'. Did you mean 'Dense'?");
  expect_error([] { Activation("rellu"); }, "Did you mean 'relu'?");
}

TEST(Registry, MakesALayerFromItsConfig) {
  layers::Dense dense({.units = 7, .activation = "relu", .use_bias = false, .name = "d"});
  LayerPtr copy = layer_from_config(Config::parse(dense.serialize().to_json()));
  EXPECT_EQ(copy->class_name(), "Dense");
  EXPECT_EQ(copy->config(), dense.config());
}

class Doubled : public UnaryLayerOf<Doubled> {
 public:
  Tensor call(const Tensor& x, const CallArgs&) override { return x * 2; }
  static Doubled from_config(const Config&) { return Doubled(); }
};

TEST(Registry, TakesUsersLayers) {
  register_layer<Doubled>();
  Config config = Doubled().serialize();
  EXPECT_EQ(config.at("registered_name").as_string(), "Custom>Doubled");
  EXPECT_NE(dynamic_cast<Doubled*>(layer_from_config(config).get()), nullptr);
}

}  // namespace
}  // namespace hornbeam
