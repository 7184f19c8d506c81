// What makes compiling slow: kernels. Equal layers share theirs, so a deeper model has no more of them.
#include <gtest/gtest.h>

// Before anything of hornbeam::testing, which hides GoogleTest's namespace from it.
#include "test/support/temporary_folder.h"

#include <hornbeam/gradient.h>
#include <hornbeam/layers/batch_normalization.h>
#include <hornbeam/layers/conv.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/layer_normalization.h>
#include <hornbeam/layers/multi_head_attention.h>
#include <hornbeam/ops.h>
#include <hornbeam/runtime/device.h>
#include <hornbeam/runtime/state.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "codegen/compiler.h"
#include "frontend/src/trace/trace.h"
#include "frontend/src/trace/trace_function.h"
#include "test/frontend/arrays_support.h"

namespace hornbeam {
namespace {

using Block = std::function<std::vector<LayerPtr>()>;
using Call = std::function<Tensor(const std::vector<LayerPtr>&, const Tensor&)>;

int count(const std::string& text, const std::string& part) {
  int n = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

// The kernels of a forward and backward pass, with updates, of `depth` equal blocks.
int kernels_of(int depth, const Shape& shape, const Block& make, const Call& call) {
  std::vector<std::vector<LayerPtr>> blocks;
  std::vector<Variable> variables, weights;
  auto stack = [&](Tensor x) {
    for (const auto& block : blocks) x = call(block, x);
    return x;
  };
  for (int i = 0; i < depth; ++i) blocks.push_back(make());
  trace::infer({{DType::float32, shape}},
               [&](const std::vector<Tensor>& x) { return std::vector<Tensor>{stack(x[0])}; });
  for (const auto& block : blocks)
    for (const LayerPtr& layer : block) {
      for (const Variable& variable : layer->variables()) variables.push_back(variable);
      for (const Variable& weight : layer->trainable_weights()) weights.push_back(weight);
    }
  trace::TracedFunction traced = trace::trace_function(
      [&](const Tensors& x) {
        std::vector<Tensor> wrt(weights.begin(), weights.end());
        Gradient gradient = value_and_grad(
            [&](const std::vector<Tensor>&) { return std::vector<Tensor>{ops::sum(ops::square(stack(x.single())))}; },
            wrt);
        for (size_t i = 0; i < weights.size(); ++i) weights[i].assign(wrt[i] - 0.1f * gradient.grads[i]);
        return Tensors(gradient.value);
      },
      testing::random_array(shape, 1), variables);
  std::vector<runtime::StateVariable> places;
  for (const ir::Argument& argument : traced.signature)
    places.push_back({argument.name, argument.type.dtype, argument.type.shape, runtime::Segment::weights, 0});
  runtime::State state(runtime::cpu_device(), places);
  test::TemporaryFolder folder;
  codegen::CompileOptions options;
  options.dump_dir = folder.path();
  trace::unwrap(codegen::compile(std::move(traced.module), state.variables(), options));
  for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
    if (file.path().filename().string().find("kernel_functions") == std::string::npos) continue;
    std::ostringstream text;
    text << std::ifstream(file.path()).rdbuf();
    return count(text.str(), "func.func private @kernel_");
  }
  return 0;
}

TEST(CompileSize, DoesNotGrowWithEqualTransformerBlocks) {
  auto make = [] {
    return std::vector<LayerPtr>{
        std::make_shared<layers::LayerNormalization>(layers::LayerNormalizationOptions{}),
        std::make_shared<layers::MultiHeadAttention>(layers::MultiHeadAttentionOptions{.num_heads = 2, .key_dim = 8}),
        std::make_shared<layers::LayerNormalization>(layers::LayerNormalizationOptions{}),
        std::make_shared<layers::Dense>(layers::DenseOptions{.units = 48, .activation = "gelu"}),
        std::make_shared<layers::Dense>(layers::DenseOptions{.units = 16})};
  };
  auto call = [](const std::vector<LayerPtr>& block, Tensor x) {
    auto run = [&](int i, const Tensors& in, const CallArgs& args = {}) { return block[i]->invoke(in, args).single(); };
    Tensor y = run(0, x);
    x = x + run(1, {y, y}, {.options = Config::object({{"use_causal_mask", true}})});
    return x + run(4, run(3, run(2, x)));
  };
  int few = kernels_of(3, {2, 12, 16}, make, call), many = kernels_of(8, {2, 12, 16}, make, call);
  EXPECT_GT(few, 20);
  EXPECT_EQ(many, few);
}

TEST(CompileSize, DoesNotGrowWithEqualResidualBlocks) {
  auto make = [] {
    auto conv = [] {
      return std::make_shared<layers::Conv2D>(
          layers::Conv2DOptions{.filters = 16, .kernel_size = 3, .padding = "same"});
    };
    auto norm = [] { return std::make_shared<layers::BatchNormalization>(layers::BatchNormalizationOptions{}); };
    return std::vector<LayerPtr>{conv(), norm(), conv(), norm()};
  };
  auto call = [](const std::vector<LayerPtr>& block, Tensor x) {
    Tensor y = x;
    for (size_t i = 0; i < block.size(); ++i) {
      y = block[i]->invoke(y, {.training = true}).single();
      if (i == 1) y = ops::relu(y);
    }
    return ops::relu(x + y);
  };
  int few = kernels_of(3, {2, 8, 8, 16}, make, call), many = kernels_of(8, {2, 8, 8, 16}, make, call);
  EXPECT_GT(few, 10);
  EXPECT_EQ(many, few);
}

}  // namespace
}  // namespace hornbeam
