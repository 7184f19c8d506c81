// Every differentiable op with its gradient, compiled in float32, against the reference evaluator.
#include "../codegen/compiled_support.h"
#include "random_gradient_cases.h"

namespace hornbeam::ir::testing {
namespace {

class GradientCompiled : public ::testing::TestWithParam<Case> {};

TEST_P(GradientCompiled, EqualsTheReference) {
  const Case& c = GetParam();
  test::Function function;
  std::vector<Array> inputs;
  uint32_t seed = 1;
  for (Operand operand : c.operands) {
    if (operand.type.dtype == DType::float64) operand.type.dtype = DType::float32;
    inputs.push_back(random_array(operand.type, operand.low, operand.high, seed++));
    function.arguments.push_back(operand.type);
  }
  Attrs attrs = c.attrs;
  if (c.op == "cast") attrs = {{"dtype", DType::float64}};
  Type result = must(infer(c.op, function.arguments, attrs))[0];
  inputs.push_back(random_array(result, -1, 1, seed++));  // weights of the result's elements
  function.arguments.push_back(result);

  function.body = [&](Builder& b, const std::vector<Value>& args) {
    b.begin_gradient();
    Value y = must(b.create_one(c.op, std::span(args).first(args.size() - 1), attrs));
    Value product = must(b.create_one("multiply", std::vector<Value>{y, args.back()}));
    List axes;
    for (int64_t i = 0; i < y.type().shape.rank(); ++i) axes.push_back(i);
    Value sum = must(b.create_one("reduce_sum", std::vector<Value>{product}, {{"axes", axes}}));
    std::vector<Value> wrt;
    for (Value x : args)
      if (is_float(x.type().dtype)) wrt.push_back(x);
    auto gradient = must(b.end_gradient(sum, wrt, std::vector<Value>{y}));
    std::vector<Value> results{gradient.value, gradient.aux[0]};
    results.insert(results.end(), gradient.grads.begin(), gradient.grads.end());
    return results;
  };
  std::vector<Array> reference = test::evaluate(function, inputs);
  for (int threads : {1, 2}) {
    auto compiled = test::run_compiled(function, inputs, threads);
    ASSERT_TRUE(compiled.ok()) << compiled.status();
    EXPECT_EQ(test::difference(*compiled, reference, 1e-5, 1e-5), "") << threads << " threads";
  }
}

INSTANTIATE_TEST_SUITE_P(EveryOp, GradientCompiled, ::testing::ValuesIn(gradient_cases()),
                         [](const auto& info) { return info.param.op + "_" + std::to_string(info.index); });
INSTANTIATE_TEST_SUITE_P(RandomShapes, GradientCompiled, ::testing::ValuesIn(random_gradient_cases(1)),
                         [](const auto& info) { return info.param.op + "_" + std::to_string(info.index); });

TEST(LabelsThatAreNoClasses, GiveNaNInTheirRows) {
  std::vector<Array> inputs{f32({4, 3}, std::vector<float>(12, 0.f)), i32({4}, {-1, 0, 3, 2})};
  test::Function function{{f32_type({4, 3}), i32_type({4})}, [](Builder& b, const std::vector<Value>& args) {
                            return std::vector<Value>{must(b.create_one("sparse_softmax_cross_entropy", args))};
                          }};
  std::vector<Array> loss = must(test::run_compiled(function, inputs, 1));
  EXPECT_EQ(test::difference(loss, test::evaluate(function, inputs), 1e-6, 0), "");
  EXPECT_TRUE(std::isnan(loss[0].get(0)) && !std::isnan(loss[0].get(1)) && std::isnan(loss[0].get(2)) &&
              !std::isnan(loss[0].get(3)));
}

}  // namespace
}  // namespace hornbeam::ir::testing
