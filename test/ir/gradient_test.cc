// Every vjp against finite differences in float64, its own derivative too, and simplification of both.
#include <set>

#include "random_gradient_cases.h"
#include "passes/autodiff/autodiff.h"
#include "passes/simplify/simplify_module.h"

namespace hornbeam::ir::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Gradient : public ::testing::TestWithParam<Case> {
 protected:
  // Operands of the case; behind them the weights of the result's elements, and a direction for each float operand.
  void SetUp() override {
    uint32_t seed = 1;
    std::vector<Type> types;
    for (const Operand& operand : GetParam().operands) {
      inputs.push_back(random_array(operand.type, operand.low, operand.high, seed++));
      types.push_back(operand.type);
    }
    Type result = must(infer(GetParam().op, types, GetParam().attrs))[0];
    for (size_t i = 0; i < types.size(); ++i)
      if (is_float(types[i].dtype)) floats.push_back(i);
    inputs.push_back(random_array(result, -1, 1, seed++));
    types.push_back(result);
    for (size_t i : floats) {
      inputs.push_back(random_array(types[i], -1, 1, seed++));
      types.push_back(types[i]);
    }
    for (const Type& type : types) arguments.push_back({"x" + std::to_string(arguments.size()), type});
  }

  Value sum_of_products(Builder& b, Value x, Value y) {
    Value product = must(b.create_one("multiply", std::vector<Value>{x, y}));
    List axes;
    for (int64_t i = 0; i < x.type().shape.rank(); ++i) axes.push_back(i);
    return must(b.create_one("reduce_sum", std::vector<Value>{product}, {{"axes", axes}}));
  }
  // sum(weights * op(x…)), and its gradients by the float operands.
  Builder::Gradient first(Builder& b, const std::vector<Value>& args) {
    size_t n = GetParam().operands.size();
    b.begin_gradient();
    Value y = must(b.create_one(GetParam().op, std::span(args).first(n), GetParam().attrs));
    return must(b.end_gradient(sum_of_products(b, y, args[n]), by(args), {}));
  }
  std::vector<Value> by(const std::vector<Value>& args) {
    std::vector<Value> wrt;
    for (size_t i : floats) wrt.push_back(args[i]);
    return wrt;
  }
  // Function f: the value and the gradients of `first`, or of the directional derivative of that.
  Module build(bool second_order) {
    Module module;
    Builder b(module);
    std::vector<Value> args = b.begin_function("f", arguments);
    if (second_order) b.begin_gradient();
    Builder::Gradient gradient = first(b, args);
    if (second_order) {
      Value along;
      for (size_t i = 0; i < floats.size(); ++i) {
        Value part = sum_of_products(b, gradient.grads[i], args[GetParam().operands.size() + 1 + i]);
        along = along.valid() ? must(b.create_one("add", std::vector<Value>{along, part})) : part;
      }
      gradient = must(b.end_gradient(along, by(args), {}));
    }
    std::vector<Result> results{{gradient.value, "value", Role::batch, false}};
    for (Value grad : gradient.grads) results.push_back({grad, "grad", Role::batch, false});
    EXPECT_TRUE(b.end_function(results).ok());
    absl::Status status = passes::expand_gradients(module);
    EXPECT_TRUE(status.ok()) << status;
    return module;
  }

  void check(bool second_order) {
    Module module = build(second_order);
    EXPECT_THAT(module.to_string(), Not(HasSubstr("horn.gradient")));
    std::vector<Array> results = must(evaluate_function(module, "f", inputs));
    // Simplification changes nothing but the last bits of a power.
    ASSERT_TRUE(passes::simplify(module).ok());
    std::vector<Array> simplified = must(evaluate_function(module, "f", inputs));
    for (size_t r = 0; r < results.size(); ++r)
      for (int64_t i = 0; i < results[r].num_elements(); ++i)
        EXPECT_NEAR(results[r].get(i), simplified[r].get(i), 1e-13 * (1 + std::abs(results[r].get(i))));
    // Central differences of the value.
    constexpr double kStep = 1e-5;
    for (size_t f = 0; f < floats.size(); ++f) {
      ASSERT_EQ(results[1 + f].shape(), inputs[floats[f]].shape());
      for (int64_t i = 0; i < inputs[floats[f]].num_elements(); ++i) {
        auto value_at = [&](double by) {
          std::vector<Array> moved = inputs;
          moved[floats[f]] = inputs[floats[f]].clone();
          moved[floats[f]].set(i, inputs[floats[f]].get(i) + by);
          return must(evaluate_function(module, "f", moved))[0].get(0);
        };
        double expected = (value_at(kStep) - value_at(-kStep)) / (2 * kStep);
        if (GetParam().op == "stop_gradient") expected = 0;
        EXPECT_NEAR(results[1 + f].get(i), expected, 1e-7 * (1 + std::abs(expected)))
            << "operand " << floats[f] << ", element " << i;
      }
    }
  }

  std::vector<Array> inputs;
  std::vector<Argument> arguments;
  std::vector<size_t> floats;
};

TEST_P(Gradient, IsWhatFiniteDifferencesGive) { check(false); }
TEST_P(Gradient, OfTheGradientIsWhatFiniteDifferencesGive) { check(true); }

INSTANTIATE_TEST_SUITE_P(EveryOp, Gradient, ::testing::ValuesIn(gradient_cases()),
                         [](const auto& info) { return info.param.op + "_" + std::to_string(info.index); });

constexpr uint32_t kSeeds = 4;
INSTANTIATE_TEST_SUITE_P(RandomShapes, Gradient, ::testing::ValuesIn(random_gradient_cases(kSeeds)),
                         [](const auto& info) { return info.param.op + "_" + std::to_string(info.index); });

TEST(GradientCases, CoverEveryDifferentiableOp) {
  for (const auto& cases : {gradient_cases(), random_gradient_cases(1)}) {
    std::set<std::string> covered;
    for (const Case& c : cases) covered.insert(c.op);
    for (const std::string& op : op_names()) EXPECT_EQ(is_differentiable(op), covered.count(op) == 1) << op;
  }
}

// An op of float results without a vjp would stop every gradient that meets it: each such op is here for a reason.
TEST(GradientCases, WhatHasNoDerivativeIsMeantTo) {
  std::vector<std::string> without;
  for (const std::string& op : op_names())
    if (!is_differentiable(op)) without.push_back(op);
  EXPECT_THAT(without, ::testing::UnorderedElementsAre(
                           // of truth values and integers, or with such results
                           "bitcast", "bitwise_and", "bitwise_or", "bitwise_xor", "shift_left", "shift_right",
                           "logical_not", "logical_and", "logical_or", "logical_xor", "equal", "not_equal", "less",
                           "less_equal", "greater", "greater_equal", "is_nan", "is_finite", "is_inf", "argmax", "argmin",
                           "argsort",
                           // without float operands
                           "constant", "iota", "random_uniform"));
}

// ---- points where the derivative is a choice

// d sum(op(x…)) / d x, for float64 operands.
std::vector<Array> gradients(const std::string& op, std::vector<Array> operands, const Attrs& attrs = {}) {
  Module module;
  Builder b(module);
  std::vector<Argument> arguments;
  for (const Array& x : operands) arguments.push_back({"x", {x.dtype(), x.shape()}});
  auto args = b.begin_function("f", arguments);
  b.begin_gradient();
  Value y = must(b.create_one(op, args, attrs));
  List axes;
  for (int64_t i = 0; i < y.type().shape.rank(); ++i) axes.push_back(i);
  Value sum = must(b.create_one("reduce_sum", std::vector<Value>{y}, {{"axes", axes}}));
  std::vector<Value> wrt;
  for (Value x : args)
    if (is_float(x.type().dtype)) wrt.push_back(x);
  auto gradient = must(b.end_gradient(sum, wrt, {}));
  std::vector<Result> results;
  for (Value grad : gradient.grads) results.push_back({grad, "grad", Role::batch, false});
  EXPECT_TRUE(b.end_function(results).ok());
  EXPECT_TRUE(passes::expand_gradients(module).ok());
  return must(evaluate_function(module, "f", operands));
}

TEST(GradientAtKinks, ReluAbsAndSignAreFlatAtZero) {
  for (const char* op : {"relu", "abs", "sign"})
    EXPECT_THAT(values(gradients(op, {f64({1}, {0})})[0]), ElementsAre(0)) << op;
}

TEST(GradientAtKinks, TiesAreShared) {
  auto both = gradients("maximum", {f64({2}, {1, 3}), f64({2}, {1, 2})});
  EXPECT_THAT(values(both[0]), ElementsAre(0.5, 1));
  EXPECT_THAT(values(both[1]), ElementsAre(0.5, 0));
  EXPECT_THAT(values(gradients("reduce_max", {f64({4}, {1, 2, 2, 0})}, {{"axes", List{0}}})[0]),
              ElementsAre(0, 0.5, 0.5, 0));
}

TEST(GradientAtKinks, MaxPoolGivesAllToTheFirstMaximum) {
  Attrs pool{{"window", List{2}}, {"strides", List{2}}, {"padding", List{0, 0}}};
  EXPECT_THAT(values(gradients("max_pool", {f64({1, 4, 1}, {2, 2, 1, 3})}, pool)[0]), ElementsAre(1, 0, 0, 1));
}

TEST(GradientAtKinks, PowerIsFiniteWhereTheLogarithmIsNot) {
  auto both = gradients("power", {f64({3}, {0, 0, -2}), f64({3}, {2, 0, 2})});
  EXPECT_THAT(values(both[0]), ElementsAre(0, 0, -4));
  EXPECT_THAT(values(both[1]), ElementsAre(0, 0, 0));
}

TEST(GradientAtKinks, ReduceProdOfZeros) {
  EXPECT_THAT(values(gradients("reduce_prod", {f64({3}, {2, 0, 3})}, {{"axes", List{0}}})[0]), ElementsAre(0, 6, 0));
  EXPECT_THAT(values(gradients("reduce_prod", {f64({3}, {0, 0, 3})}, {{"axes", List{0}}})[0]), ElementsAre(0, 0, 0));
}

TEST(GradientAtKinks, ALabelThatIsNoClassPoisonsItsOwnRow) {
  Array grad = gradients("sparse_softmax_cross_entropy", {f64({2, 2}, {0, 0, 0, 0}), i32({2}, {2, 1})})[0];
  EXPECT_TRUE(std::isnan(grad.get(0)) && std::isnan(grad.get(1)));
  EXPECT_EQ(grad.get(2), 0.5);
  EXPECT_EQ(grad.get(3), -0.5);
}

}  // namespace
}  // namespace hornbeam::ir::testing
