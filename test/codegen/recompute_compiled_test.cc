// A batch normalization between two convolutions, with its gradients, at a size at which cheap work is computed again,
// what is padded lies inside of its copy, and sums are cut into parts.
#include <gtest/gtest.h>

#include "compiled_support.h"

namespace hornbeam::test {
namespace {

using Values = std::vector<ir::Value>;
using List = std::vector<int64_t>;

ir::Value op(ir::Builder& b, const char* name, const Values& operands, const ir::Attrs& attrs = {}) {
  absl::StatusOr<ir::Value> value = b.create_one(name, operands, attrs);
  if (!value.ok()) throw Error(std::string(value.status().message()));
  return *value;
}

Function normalized() {
  const List shape{32, 16, 16, 16}, axes{0, 1, 2};
  auto body = [=](ir::Builder& b, const Values& a) -> Values {
    auto spread = [&](ir::Value v) { return op(b, "broadcast", {v}, {{"shape", shape}, {"axes", List{3}}}); };
    auto conv = [&](ir::Value x, ir::Value kernel, int64_t pad, int64_t stride, int64_t groups) {
      return op(
          b, "conv", {x, kernel},
          {{"strides", List{stride, stride}}, {"padding", List(4, pad)}, {"dilation", List{1, 1}}, {"groups", groups}});
    };
    auto mean = [&](ir::Value v) { return op(b, "multiply", {op(b, "reduce_sum", {v}, {{"axes", axes}}), a[5]}); };
    b.begin_gradient();
    ir::Value y = conv(a[0], a[1], 0, 1, 1);
    ir::Value centered = op(b, "subtract", {y, spread(mean(y))});
    ir::Value variance = mean(op(b, "multiply", {centered, centered}));
    ir::Value scale = op(b, "multiply", {op(b, "rsqrt", {op(b, "add", {variance, a[5]})}), a[3]});
    ir::Value z = op(b, "relu", {op(b, "add", {op(b, "multiply", {centered, spread(scale)}), spread(a[4])})});
    ir::Value out = conv(z, a[2], 1, 2, 16);
    ir::Value loss = op(b, "reduce_sum", {op(b, "multiply", {out, out})}, {{"axes", List{0, 1, 2, 3}}});
    auto result = b.end_gradient(loss, Values{a[0], a[1], a[2], a[3], a[4]}, Values{out});
    if (!result.ok()) throw Error(std::string(result.status().message()));
    Values all{result->aux[0]};
    for (size_t i = 0; i < 5; ++i) all.push_back(result->grads[i]);
    return all;
  };
  auto f32 = [](const List& dims) { return ir::Type{DType::float32, Shape(dims)}; };
  return {{f32({32, 16, 16, 8}), f32({1, 1, 8, 16}), f32({3, 3, 1, 16}), f32({16}), f32({16}), f32({16})}, body};
}

std::vector<Array> arguments_of(const Function& function) {
  std::vector<Array> arguments = random_arguments(function.arguments, 5);
  for (int64_t i = 0; i < 16; ++i) arguments[5].set(i, 1.0 / (32 * 16 * 16));
  return arguments;
}

TEST(RecomputeCompiled, BatchNormalizationEqualsTheReference) {
  Function function = normalized();
  std::vector<Array> arguments = arguments_of(function), expected = evaluate(function, arguments);
  for (int threads : {1, 2}) {
    auto results = run_compiled(function, arguments, threads);
    ASSERT_TRUE(results.ok()) << results.status();
    for (size_t i = 0; i < expected.size(); ++i) {
      double largest = 0;
      for (int64_t j = 0; j < expected[i].num_elements(); ++j)
        largest = std::max(largest, std::abs(expected[i].get(j)));
      EXPECT_EQ(difference({(*results)[i]}, {expected[i]}, 1e-4, 1e-4 * largest), "") << i << ", threads " << threads;
    }
  }
}

TEST(RecomputeCompiled, BatchNormalizationHasTheSameBitsOnAnyNumberOfThreads) {
  Function function = normalized();
  std::vector<Array> arguments = arguments_of(function);
  auto one = run_compiled(function, arguments, 1), two = run_compiled(function, arguments, 2);
  ASSERT_TRUE(one.ok() && two.ok()) << one.status() << two.status();
  EXPECT_EQ(difference(*one, *two, 0, 0), "");
}

}  // namespace
}  // namespace hornbeam::test
