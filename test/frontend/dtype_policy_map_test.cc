// DTypePolicyMap: which policy a path gets, its config, and layers that compute by it. The expected values are Keras
// 3.15.1's.
#include <hornbeam/dtype_policies/dtype_policy_map.h>

#include <gtest/gtest.h>
#include <hornbeam/dtype_policies/serialization.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/multi_head_attention.h>
#include <hornbeam/sequential.h>

#include "test/frontend/arrays_support.h"
#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using dtype_policies::DTypePolicyMap;
using testing::expect_error;

TEST(DTypePolicyMap, FindsThePathOrTheOneExpressionThatMatches) {
  DTypePolicyMap map(DTypePolicy("float32"));
  map.set("encoder/layer_0/dense", "bfloat16");
  map.set("encoder/.*", "float16");
  map.set("decoder", "bfloat16");
  EXPECT_EQ(map.name(), "map_float32");
  EXPECT_EQ(map.compute_dtype(), DType::float32);
  EXPECT_EQ(map["encoder/layer_0/dense"].name(), "bfloat16");
  EXPECT_EQ(map["encoder/attention/query"].name(), "float16");
  EXPECT_EQ(map["decoder/attention"].name(), "float32");
  map.set("encoder/attention/.*", "bfloat16");
  expect_error([&] { map["encoder/attention/query"]; }, "Path 'encoder/attention/query' matches multiple");
  EXPECT_EQ(map.size(), 4u);
  map.erase("encoder/attention/.*");
  EXPECT_EQ(map["encoder/attention/query"].name(), "float16");
  EXPECT_FALSE(map.contains("encoder/attention/.*"));
  expect_error([&] { map.set("decoder", "float16"); },
               "decoder already exist in the DTypePolicyMap with value bfloat16");
  expect_error([&] { map.erase("nope"); }, "no key 'nope'");
  expect_error([&] { map.set("(", "float16"); }, "Received: (");
  expect_error([&] { DTypePolicyMap twice{DTypePolicy(map)}; }, "`default_policy` cannot be a `DTypePolicyMap`");
}

TEST(DTypePolicyMap, WithoutADefaultGoesByTheDefaultPolicy) {
  DTypePolicyMap map;
  map.set("a", "float16");
  DTypePolicy::set_default("mixed_bfloat16");
  EXPECT_EQ(map["b"].name(), "mixed_bfloat16");
  DTypePolicy::reset_default();
  EXPECT_EQ(map["b"].name(), "float32");
  EXPECT_EQ(map["a"].name(), "float16");
}

TEST(DTypePolicyMap, ConfigIsKeras) {
  DTypePolicyMap map(DTypePolicy("float32"));
  map.set("mha/query", "bfloat16");
  const char* keras =
      R"({"module": "keras.dtype_policies", "class_name": "DTypePolicyMap", "config": {"default_policy": )"
      R"({"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": null}, )"
      R"("policy_map": {"mha/query": {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "bfloat16"}, )"
      R"("registered_name": null}}}, "registered_name": null})";
  EXPECT_EQ(dtype_policies::serialize(map).to_json(), keras);
  DTypePolicy back = dtype_policies::deserialize(Config::parse(keras));
  EXPECT_EQ(back.name(), "map_float32");
  EXPECT_EQ(back.at_path("mha/query").name(), "bfloat16");
  EXPECT_EQ(back.config().to_json(), keras);
  EXPECT_EQ(dtype_policies::get("bfloat16").at_path("anything").name(), "bfloat16");
}

TEST(DTypePolicyMap, LayersInsideComputeByTheirPath) {
  DTypePolicyMap map(DTypePolicy("float32"));
  map.set("mha/query", "bfloat16");
  map.set("mha/.*output", "mixed_bfloat16");
  layers::MultiHeadAttention attention({.num_heads = 2, .key_dim = 4, .name = "mha", .dtype = map});
  Tensor x = Input({3, 8});
  Model model(x, attention(Tensors({x, x})).single());
  std::map<std::string, DType> compute, variable;
  for (const auto& sub : attention.sublayers()) {
    compute[sub.layer->name()] = sub.layer->compute_dtype();
    variable[sub.layer->name()] = sub.layer->variable_dtype();
  }
  EXPECT_EQ(attention.compute_dtype(), DType::float32);
  EXPECT_EQ(compute["query"], DType::bfloat16);
  EXPECT_EQ(variable["query"], DType::bfloat16);
  EXPECT_EQ(compute["key"], DType::float32);
  EXPECT_EQ(compute["attention_output"], DType::bfloat16);
  EXPECT_EQ(variable["attention_output"], DType::float32);
  EXPECT_EQ(attention.config()["dtype"], map.config());
  // The config alone makes the same layer again, and it runs.
  auto copy = layer_from_config(attention.serialize());
  Tensor y = Input({3, 8});
  Model again(y, copy->invoke(Tensors({y, y})).single());
  EXPECT_EQ(again.weights()[0].dtype(), model.weights()[0].dtype());
  EXPECT_EQ(again.predict(testing::random_array({2, 3, 8}, 1), {.verbose = 0})[0].shape(), Shape({2, 3, 8}));
}

}  // namespace
}  // namespace hornbeam
