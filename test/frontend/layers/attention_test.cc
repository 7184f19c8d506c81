// Attention layers as parts of models: masks that tensors carry, options of a call, names of weights, and copies.
#include <gtest/gtest.h>
#include <hornbeam/input.h>
#include <hornbeam/layers/attention.h>
#include <hornbeam/layers/embedding.h>
#include <hornbeam/layers/group_query_attention.h>
#include <hornbeam/layers/multi_head_attention.h>
#include <hornbeam/model.h>
#include <hornbeam/ops.h>

#include "frontend/src/mask.h"
#include "test/frontend/arrays_support.h"
#include "test/frontend/evaluated_support.h"

namespace hornbeam::layers {
namespace {

using testing::at;
using testing::evaluated;
using testing::random_array;

const Config kCausal = Config::object({{"use_causal_mask", true}});

std::vector<Array> called(const Layer& layer, const Arrays& inputs, const CallArgs& args = {}) {
  return evaluated([&](const Tensors& xs) { return layer.invoke(xs, args); }, inputs, layer.variables());
}

TEST(AttentionLayers, SeeNoLaterStepWithACausalMask) {
  Array x = random_array({2, 5, 4}, 1), changed = x.clone();
  for (int64_t i = 12; i < 20; ++i) changed.mutable_as<float>()[i] += 1;  // the last two steps of the first sample
  MultiHeadAttention heads({.num_heads = 2, .key_dim = 3});
  heads.ensure_built(Shapes({{2, 5, 4}, {2, 5, 4}}));
  GroupQueryAttention grouped({.head_dim = 3, .num_query_heads = 4, .num_key_value_heads = 2});
  grouped.ensure_built(Shapes({{2, 5, 4}, {2, 5, 4}}));
  for (const Layer* layer : {static_cast<const Layer*>(&heads), static_cast<const Layer*>(&grouped)}) {
    Array y = called(*layer, {x, x}, {.options = kCausal}).at(0);
    Array z = called(*layer, {changed, changed}, {.options = kCausal}).at(0);
    for (int64_t i = 0; i < 12; ++i) EXPECT_NEAR(at(y, i), at(z, i), 1e-6) << layer->class_name() << " " << i;
    double apart = 0;
    for (int64_t i = 12; i < 20; ++i) apart += std::abs(at(y, i) - at(z, i));
    EXPECT_GT(apart, 1e-3) << layer->class_name();
  }
}

TEST(AttentionLayers, GiveScoresThatAddUpToOneOverWhatIsSeen) {
  Array x = random_array({2, 5, 4}, 1);
  MultiHeadAttention layer({.num_heads = 3, .key_dim = 2, .sliding_window = 2});
  layer.ensure_built(Shapes({{2, 5, 4}, {2, 5, 4}}));
  Config options = Config::object({{"return_attention_scores", true}});
  Array scores = called(layer, {x, x}, {.options = options}).at(1);
  EXPECT_EQ(scores.shape(), (Shape{2, 3, 5, 5}));
  for (int64_t row = 0; row < 30; ++row) {
    float sum = 0;
    for (int64_t s = 0; s < 5; ++s) {
      sum += at(scores, row * 5 + s);
      if (std::abs(row % 5 - s) > 1) EXPECT_EQ(at(scores, row * 5 + s), 0);
    }
    EXPECT_NEAR(sum, 1, 1e-6);
  }
}

TEST(AttentionLayers, TakeTheMasksThatTheirInputsCarry) {
  Embedding embedding({.input_dim = 7, .output_dim = 4, .mask_zero = true});
  MultiHeadAttention attention({.num_heads = 2, .key_dim = 3});
  auto run = [&](int32_t padding_vector) {
    (void)padding_vector;
    return evaluated(
        [&](const Tensors& ids) -> Tensors {
          Tensor x = embedding(ids.single());
          Tensor y = attention({x, x}).single();
          return Tensors({y, ops::cast(mask_of(y), DType::int32)});
        },
        Arrays(Array::of<int32_t>({1, 4}, {3, 5, 0, 0})),
        [&] {
          embedding.ensure_built(Shape{1, 4});
          attention.ensure_built(Shapes({{1, 4, 4}, {1, 4, 4}}));
          std::vector<Variable> all = embedding.variables(), more = attention.variables();
          all.insert(all.end(), more.begin(), more.end());
          return all;
        }());
  };
  std::vector<Array> before = run(0);
  EXPECT_EQ(before[1].get_int(1), 1);
  EXPECT_EQ(before[1].get_int(2), 0);
  // What stands in padded steps changes nothing in the others.
  Array vectors = embedding.embeddings().value();
  for (int64_t i = 0; i < 4; ++i) vectors.set(i, 100);
  embedding.embeddings().assign(vectors);
  std::vector<Array> after = run(1);
  for (int64_t i = 0; i < 8; ++i) EXPECT_NEAR(at(before[0], i), at(after[0], i), 1e-5);
}

TEST(AttentionLayers, AreOneLayerInEveryCopy) {
  MultiHeadAttention layer({.num_heads = 2, .key_dim = 3, .name = "mha"});
  MultiHeadAttention copy = layer;
  Tensor q = Input({5, 4}), v = Input({6, 3});
  Tensor y = copy({q, v});
  EXPECT_EQ(y.shape(), (Shape{kUnknown, 5, 4}));
  ASSERT_EQ(layer.weights().size(), 8u);
  std::vector<std::string> paths;
  for (const Variable& weight : layer.weights()) paths.push_back(weight.path());
  EXPECT_EQ(paths, (std::vector<std::string>{"mha/query/kernel", "mha/query/bias", "mha/key/kernel", "mha/key/bias",
                                             "mha/value/kernel", "mha/value/bias", "mha/attention_output/kernel",
                                             "mha/attention_output/bias"}));
  Config build = layer.serialize().at("build_config");
  EXPECT_EQ(build.to_json(), R"({"shapes_dict": {"query_shape": [null, 5, 4], "value_shape": [null, 6, 3]}})");
}

TEST(AttentionLayers, AreRebuiltFromAModelsConfig) {
  Tensor q = Input({5, 4}), v = Input({6, 4});
  Tensor y = MultiHeadAttention({.num_heads = 2, .key_dim = 3})({q, v}, {.options = kCausal});
  Model model({q, v}, y);
  Model again = Model::from_config(Config::parse(model.config().to_json()));
  EXPECT_EQ(again.config(), model.config());
  EXPECT_EQ(again.count_params(), model.count_params());
}

}  // namespace
}  // namespace hornbeam::layers
