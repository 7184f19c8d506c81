// scan, cond and while: the reference, gradients of first and second order against finite differences, and errors.
#include "control_cases.h"
#include "passes/autodiff/autodiff.h"
#include "passes/simplify/simplify_module.h"

namespace hornbeam::ir::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// Runs a function of arrays with the reference evaluator.
std::vector<Array> evaluated(const std::vector<Array>& inputs,
                             const std::function<Values(Builder&, const Values&)>& body) {
  Module module;
  Builder b(module);
  std::vector<Argument> arguments;
  for (const Array& input : inputs) arguments.push_back({"x", {input.dtype(), input.shape()}});
  Values values = body(b, b.begin_function("f", arguments));
  std::vector<Result> results;
  for (Value value : values) results.push_back({value, "y", Role::batch, false});
  EXPECT_TRUE(b.end_function(results).ok());
  // What is printed can be read again.
  Module again = must(Module::parse(module.to_string()));
  EXPECT_EQ(again.to_string(), module.to_string());
  return must(evaluate_function(again, "f", inputs));
}

TEST(Scan, CarriesAndStacks) {
  for (bool reverse : {false, true}) {
    auto out = evaluated({f64({}, {1}), f64({3}, {1, 2, 3})}, [&](Builder& b, const Values& a) {
      return scan(b, {a[0]}, {a[1]}, 3, reverse, [&](const Values& c, const Values& x) {
        Value sum = op(b, "add", {op(b, "add", {c[0], c[0]}), x[0]});
        return Values{sum, sum};
      });
    });
    EXPECT_THAT(values(out[0]), ElementsAre(reverse ? 8 + 12 + 4 + 1 : 8 + 4 + 4 + 3));
    if (reverse)
      EXPECT_THAT(values(out[1]), ElementsAre(25, 12, 5));
    else
      EXPECT_THAT(values(out[1]), ElementsAre(3, 8, 19));
  }
}

TEST(While, RunsAsLongAsItsConditionHolds) {
  auto out = evaluated({i32({}, {3}), i32({}, {100})}, [](Builder& b, const Values& a) {
    std::vector<Type> types{a[0].type()};
    Values c = b.begin_body(types);
    b.end_body(Values{op(b, "less", {c[0], a[1]})});
    c = b.begin_body(types);
    b.end_body(Values{op(b, "add", {c[0], c[0]})});
    return must(b.while_loop(Values{a[0]}));
  });
  EXPECT_THAT(values(out[0]), ElementsAre(192));
}

TEST(Cond, TakesOneOfTwo) {
  for (int which : {0, 1}) {
    auto out = evaluated({bools({}, {which}), i32({2}, {3, 4})}, [](Builder& b, const Values& a) {
      b.begin_body({});
      b.end_body(Values{op(b, "negative", {a[1]})});
      b.begin_body({});
      b.end_body(Values{a[1]});
      return must(b.cond(a[0]));
    });
    EXPECT_THAT(values(out[0]), which ? ElementsAre(-3, -4) : ElementsAre(3, 4));
  }
}

TEST(Scan, RefusesCarriedValuesThatChangeTheirType) {
  Module module;
  Builder b(module);
  std::vector<Argument> arguments{{"x", f32_type({2})}, {"y", f32_type({3, 2})}};
  Values a = b.begin_function("f", arguments);
  std::vector<Type> types{f32_type({2})};
  Values c = b.begin_body(types);
  b.end_body(Values{op(b, "reduce_sum", {c[0]}, {{"axes", List{0}}})});
  EXPECT_THAT(std::string(b.scan(Values{a[0]}, {}, 3).status().message()),
              HasSubstr("expected 'tensor<2xf32>' for number 0 of the carried values and outputs"));
  types.push_back(f32_type({2}));
  c = b.begin_body(types);
  b.end_body(Values{c[0]});
  EXPECT_THAT(std::string(b.scan(Values{a[0]}, Values{a[1]}, 4).status().message()),
              HasSubstr("axis 0 of what is scanned must have the length 4. Received: shape=(3, 2)"));
}

class ControlGradient : public ::testing::TestWithParam<ControlCase> {
 protected:
  Value total(Builder& b, Value x) {
    List axes;
    for (int64_t i = 0; i < x.type().shape.rank(); ++i) axes.push_back(i);
    return op(b, "reduce_sum", {x}, {{"axes", axes}});
  }
  // sum of sin(k * y) over all float results y, k different for each
  Builder::Gradient first(Builder& b, const Values& args, const Values& wrt) {
    b.begin_gradient();
    Value sum;
    double factor = 0.7;
    for (Value y : GetParam().body(b, args)) {
      if (!is_float(y.type().dtype)) continue;
      Value k =
          op(b, "broadcast", {b.constant(Array::scalar(factor))}, {{"shape", y.type().shape.dims()}, {"axes", List{}}});
      factor += 0.3;
      Value part = total(b, op(b, "sin", {op(b, "multiply", {y, k})}));
      sum = sum.valid() ? op(b, "add", {sum, part}) : part;
    }
    return must(b.end_gradient(sum, wrt, {}));
  }
  Module build(bool second_order) {
    Module module;
    Builder b(module);
    std::vector<Argument> arguments;
    for (const Type& type : GetParam().operands) arguments.push_back({"x", type});
    Values args = b.begin_function("f", arguments), wrt;
    for (Value x : args)
      if (is_float(x.type().dtype)) wrt.push_back(x);
    if (second_order) b.begin_gradient();
    Builder::Gradient gradient = first(b, args, wrt);
    if (second_order) {
      Value along;
      double factor = 1;
      for (Value grad : gradient.grads) {
        Value k = op(b, "broadcast", {b.constant(Array::scalar(factor /= -1.3))},
                     {{"shape", grad.type().shape.dims()}, {"axes", List{}}});
        Value part = total(b, op(b, "multiply", {grad, k}));
        along = along.valid() ? op(b, "add", {along, part}) : part;
      }
      gradient = must(b.end_gradient(along, wrt, {}));
    }
    std::vector<Result> results{{gradient.value, "value", Role::batch, false}};
    for (Value grad : gradient.grads) results.push_back({grad, "grad", Role::batch, false});
    EXPECT_TRUE(b.end_function(results).ok());
    absl::Status status = passes::expand_gradients(module);
    EXPECT_TRUE(status.ok()) << status;
    // The verifier has seen what was written.
    auto again = Module::parse(module.to_string());
    EXPECT_TRUE(again.ok()) << again.status() << module.to_string();
    return module;
  }

  void check(bool second_order) {
    Module module = build(second_order);
    ASSERT_THAT(module.to_string(), Not(HasSubstr("horn.gradient")));
    std::vector<Array> inputs;
    uint32_t seed = 1;
    for (const Type& type : GetParam().operands)
      inputs.push_back(random_array(type, is_float(type.dtype) ? -1 : 0, 1, seed++));
    std::vector<Array> results = must(evaluate_function(module, "f", inputs));
    ASSERT_TRUE(passes::simplify(module).ok());
    std::vector<Array> simplified = must(evaluate_function(module, "f", inputs));
    for (size_t r = 0; r < results.size(); ++r)
      for (int64_t i = 0; i < results[r].num_elements(); ++i)
        EXPECT_NEAR(results[r].get(i), simplified[r].get(i), 1e-12 * (1 + std::abs(results[r].get(i))));
    constexpr double kStep = 1e-5;
    size_t grad = 0;
    for (size_t input = 0; input < inputs.size(); ++input) {
      if (!is_float(inputs[input].dtype())) continue;
      ++grad;
      for (int64_t i = 0; i < inputs[input].num_elements(); ++i) {
        auto value_at = [&](double by) {
          std::vector<Array> moved = inputs;
          moved[input] = inputs[input].clone();
          moved[input].set(i, inputs[input].get(i) + by);
          return must(evaluate_function(module, "f", moved))[0].get(0);
        };
        double expected = (value_at(kStep) - value_at(-kStep)) / (2 * kStep);
        ASSERT_NEAR(results[grad].get(i), expected, 2e-7 * (1 + std::abs(expected)))
            << "operand " << input << ", element " << i;
      }
    }
  }
};

TEST_P(ControlGradient, IsWhatFiniteDifferencesGive) { check(false); }
TEST_P(ControlGradient, OfTheGradientIsWhatFiniteDifferencesGive) { check(true); }

INSTANTIATE_TEST_SUITE_P(Cases, ControlGradient, ::testing::ValuesIn(control_cases()),
                         [](const auto& info) { return info.param.name; });

TEST(While, HasNoDerivative) {
  Module module;
  Builder b(module);
  std::vector<Argument> arguments{{"x", f32_type({})}};
  Values a = b.begin_function("f", arguments);
  b.begin_gradient();
  std::vector<Type> types{f32_type({})};
  Values c = b.begin_body(types);
  b.end_body(Values{op(b, "less", {c[0], b.constant(Array::scalar(9.f))})});
  c = b.begin_body(types);
  b.end_body(Values{op(b, "add", {c[0], a[0]})});
  Value y = must(b.while_loop(Values{a[0]}))[0];
  auto gradient = must(b.end_gradient(y, Values{a[0]}, {}));
  EXPECT_TRUE(b.end_function(std::vector<Result>{{gradient.grads[0], "g", Role::batch, false}}).ok());
  EXPECT_THAT(std::string(passes::expand_gradients(module).message()), HasSubstr("has no derivative"));
}

}  // namespace
}  // namespace hornbeam::ir::testing
