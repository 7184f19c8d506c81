// Loops and branches with their gradients, compiled in float32, against the reference evaluator.
#include "../codegen/compiled_support.h"
#include "control_cases.h"

namespace hornbeam::ir::testing {
namespace {

class ControlCompiled : public ::testing::TestWithParam<ControlCase> {
 protected:
  static Type narrow(Type type) {
    if (type.dtype == DType::float64) type.dtype = DType::float32;
    return type;
  }
  void check(bool with_gradient) {
    test::Function function;
    std::vector<Array> inputs;
    uint32_t seed = 1;
    for (const Type& type : GetParam().operands) {
      function.arguments.push_back(narrow(type));
      inputs.push_back(random_array(narrow(type), is_float(type.dtype) ? -1 : 0, 1, seed++));
    }
    function.body = [&](Builder& b, const Values& args) {
      if (!with_gradient) return GetParam().body(b, args);
      Values wrt;
      for (Value x : args)
        if (is_float(x.type().dtype)) wrt.push_back(x);
      b.begin_gradient();
      Value sum;
      for (Value y : GetParam().body(b, args)) {
        if (!is_float(y.type().dtype)) continue;
        List axes;
        for (int64_t i = 0; i < y.type().shape.rank(); ++i) axes.push_back(i);
        Value part = op(b, "reduce_sum", {op(b, "sin", {y})}, {{"axes", axes}});
        sum = sum.valid() ? op(b, "add", {sum, part}) : part;
      }
      Builder::Gradient gradient = must(b.end_gradient(sum, wrt, {}));
      Values results{gradient.value};
      results.insert(results.end(), gradient.grads.begin(), gradient.grads.end());
      return results;
    };
    std::vector<Array> reference = test::evaluate(function, inputs), first;
    for (int threads : {1, 2, 3}) {
      auto compiled = test::run_compiled(function, inputs, threads);
      ASSERT_TRUE(compiled.ok()) << compiled.status();
      EXPECT_EQ(test::difference(*compiled, reference, 1e-5, 1e-5), "") << threads << " threads";
      if (first.empty()) first = *compiled;
      EXPECT_EQ(test::difference(*compiled, first, 0, 0), "") << threads << " threads give other bits than one";
    }
  }
};

TEST_P(ControlCompiled, EqualsTheReference) { check(false); }
TEST_P(ControlCompiled, WithItsGradientEqualsTheReference) { check(true); }

INSTANTIATE_TEST_SUITE_P(Cases, ControlCompiled, ::testing::ValuesIn(control_cases()),
                         [](const auto& info) { return info.param.name; });

TEST(While, IsCompiled) {
  test::Function function{{i32_type({}), i32_type({}), f32_type({5})}, [](Builder& b, const Values& a) {
                            std::vector<Type> types = types_of({a[0], a[2]});
                            Values c = b.begin_body(types);
                            b.end_body(Values{op(b, "less", {c[0], a[1]})});
                            c = b.begin_body(types);
                            b.end_body(Values{op(b, "add", {c[0], c[0]}), op(b, "sin", {c[1]})});
                            return must(b.while_loop(Values{a[0], a[2]}));
                          }};
  for (int start : {3, 1000}) {  // 1000: the body never runs
    std::vector<Array> inputs{i32({}, {start}), i32({}, {100}), f32({5}, {1, 2, 3, 4, 5})};
    for (int threads : {1, 2}) {
      auto compiled = test::run_compiled(function, inputs, threads);
      ASSERT_TRUE(compiled.ok()) << compiled.status();
      EXPECT_EQ(test::difference(*compiled, test::evaluate(function, inputs), 1e-6, 1e-6), "");
    }
  }
}

}  // namespace
}  // namespace hornbeam::ir::testing
