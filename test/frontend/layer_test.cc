// Layers: ownership, sharing, names, building, weights.
#include <hornbeam/layer.h>

#include <gtest/gtest.h>
#include <hornbeam/layers/batch_normalization.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/dropout.h>
#include <hornbeam/sequential.h>

#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using layers::Dense;
using testing::evaluated;
using testing::expect_error;

TEST(Layer, MayBeATemporaryOrALocalThatGoesOutOfScope) {
  Tensor input = Input({3}), output;
  {
    Dense local({.units = 4});
    output = Dense({.units = 2})(local(input));
  }
  Model model(input, output);
  EXPECT_EQ(model.layers().size(), 3u);
  EXPECT_EQ(model.count_params(), 3 * 4 + 4 + 4 * 2 + 2);
}

TEST(Layer, UsedTwiceSharesItsWeights) {
  Tensor a = Input({3}), b = Input({3});
  Dense dense({.units = 4});
  Model model({a, b}, {dense(a), dense(b)});
  EXPECT_EQ(model.weights().size(), 2u);
  EXPECT_EQ(model.layers().size(), 3u);
}

TEST(Layer, CopyIsTheSameLayer) {
  Dense dense({.units = 4});
  Dense copy = dense;
  copy.ensure_built(Shape{1, 3});
  ASSERT_TRUE(dense.built());
  EXPECT_TRUE(same(dense.kernel(), copy.kernel()));
  dense.set_weights({Array::of<float>({3, 4}, std::vector<float>(12, 2.0f)), Array(DType::float32, {4})});
  EXPECT_EQ(copy.kernel().value().as<float>()[5], 2.0f);
  EXPECT_EQ(dense.name(), copy.name());
}

TEST(Layer, NamesCountPerClass) {
  clear_session();
  EXPECT_EQ(Dense({.units = 1}).name(), "dense");
  EXPECT_EQ(Dense({.units = 1}).name(), "dense_1");
  EXPECT_EQ(layers::BatchNormalization().name(), "batch_normalization");
  EXPECT_EQ(Dense({.units = 1, .name = "mine"}).name(), "mine");
}

TEST(Layer, GoesThroughItsConfig) {
  Dense dense({.units = 3, .activation = "relu", .kernel_initializer = "he_normal", .name = "d", .trainable = false});
  EXPECT_EQ(Dense::from_config(Config::parse(dense.config().to_json())).config(), dense.config());
}

// A user's layer, as short as ours.
class Scale : public UnaryLayerOf<Scale> {
 public:
  void build(const Shape& input) override {
    gain_ = add_weight({.name = "gain", .shape = {input[-1]}, .initializer = "ones"});
  }
  Tensor call(const Tensor& x, const CallArgs&) override { return 2 * x * gain_ + 1.5; }

 private:
  Variable gain_;
};

TEST(Layer, OfAUserIsOneOfTheModel) {
  Tensor input = Input({3});
  Model model(input, Scale()(input));
  EXPECT_EQ(model.count_params(), 3);
  EXPECT_EQ(model.get_layer(1)->weights()[0].path(), "scale/gain");
  Array x = Array::of<float>({1, 3}, {1, 2, 3});
  Array y = evaluated([&](const Tensors& in) { return model.invoke(in); }, x, model.variables())[0];
  EXPECT_EQ(y.as<float>()[2], 7.5f);
}

// Sub-layers are tracked members.
class Block : public UnaryLayerOf<Block> {
 public:
  Tensor call(const Tensor& x, const CallArgs&) override { return second_(first_(x)); }

 private:
  Dense first_ = track(Dense({.units = 4, .name = "first"}), "first");
  Dense second_ = track(Dense({.units = 2, .name = "second"}), "second");
};

TEST(Layer, BuildsItsSublayersWhenCalled) {
  Block block;
  Tensor y = block(Input({3}));
  EXPECT_EQ(y.shape(), (Shape{kUnknown, 2}));
  ASSERT_EQ(block.weights().size(), 4u);
  EXPECT_EQ(block.weights()[0].path(), block.name() + "/first/kernel");
  EXPECT_EQ(block.sublayers()[1].attribute, "second");
  block.set_trainable(false);
  EXPECT_TRUE(block.trainable_weights().empty());
  EXPECT_EQ(block.non_trainable_weights().size(), 4u);
}

TEST(Layer, ListsWeightsAsKeras) {
  layers::BatchNormalization norm;
  norm.ensure_built(Shape{kUnknown, 5});
  std::vector<std::string> names;
  for (const Variable& weight : norm.weights()) names.push_back(weight.name());
  EXPECT_EQ(names, (std::vector<std::string>{"gamma", "beta", "moving_mean", "moving_variance"}));
  EXPECT_EQ(norm.trainable_weights().size(), 2u);
  layers::Dropout dropout({.rate = 0.5});
  EXPECT_EQ(dropout.weights().size(), 0u);
  EXPECT_EQ(dropout.variables().size(), 1u);
}

TEST(Layer, RejectsWeightsThatDoNotFitAndKeepsItsOwn) {
  Dense dense({.units = 2, .kernel_initializer = "ones"});
  dense.ensure_built(Shape{1, 3});
  expect_error([&] { dense.set_weights({Array(DType::float32, {3, 2})}); }, "with a weight list of length 1");
  expect_error([&] { dense.set_weights({Array(DType::float32, {3, 2}), Array(DType::float32, {3})}); }, "(3,)");
  EXPECT_EQ(dense.kernel().value().as<float>()[0], 1.0f);
}

TEST(Layer, InfersShapesWithUnknownAxes) {
  EXPECT_EQ(Dense({.units = 2})(Input({kUnknown, 7})).shape(), (Shape{kUnknown, kUnknown, 2}));
  expect_error([] { Dense({.units = 2})(Input({kUnknown})); }, "must be known");
}

// Dropout draws anew at each training call, and counts its seed up.
TEST(Layer, DropoutCountsItsSeed) {
  layers::Dropout dropout({.rate = 0.5, .seed = 3});
  Array x = Array::of<float>({1, 64}, std::vector<float>(64, 1.0f));
  auto run = [&](bool training) {
    return evaluated([&](const Tensors& in) { return dropout(in[0], {.training = training}); }, x,
                     dropout.variables())[0];
  };
  Array first = run(true), second = run(true);
  Variable state = dropout.variables()[0];
  EXPECT_EQ(state.value().as<uint32_t>()[1], 2u);
  int zeros = 0, differing = 0;
  for (int i = 0; i < 64; ++i) {
    EXPECT_TRUE(first.as<float>()[i] == 0.0f || first.as<float>()[i] == 2.0f);
    zeros += first.as<float>()[i] == 0.0f;
    differing += first.as<float>()[i] != second.as<float>()[i];
  }
  EXPECT_GT(zeros, 16);
  EXPECT_LT(zeros, 48);
  EXPECT_GT(differing, 8);
  EXPECT_EQ(run(false).as<float>()[7], 1.0f);
  EXPECT_EQ(state.value().as<uint32_t>()[1], 2u);
}

}  // namespace
}  // namespace hornbeam
