// The builder: functions with roles, text and back, gradients, and what it refuses.
#include "ir_test.h"
#include "passes/autodiff/autodiff.h"

namespace hornbeam::ir::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// sum(x * x) and its gradient, as a module with function f(x).
Module sum_of_squares(int64_t n) {
  Module module;
  Builder b(module);
  auto args = b.begin_function("f", std::vector<Argument>{{"x", f32_type({n}), Role::state}});
  b.begin_gradient();
  Value square = must(b.create_one("multiply", std::vector<Value>{args[0], args[0]}));
  Value sum = must(b.create_one("reduce_sum", std::vector<Value>{square}, {{"axes", List{0}}}));
  auto gradient = must(b.end_gradient(sum, std::vector<Value>{args[0]}, std::vector<Value>{square}));
  EXPECT_TRUE(b.end_function(std::vector<Result>{{gradient.grads[0], "x", Role::state},
                                                 {gradient.value, "loss", Role::batch, false},
                                                 {gradient.aux[0], "squares", Role::batch, true}})
                  .ok());
  return module;
}

TEST(Builder, WritesRolesAndNames) {
  std::string text = sum_of_squares(3).to_string();
  EXPECT_THAT(text, HasSubstr(R"(%arg0: tensor<3xf32> {horn.name = "x", horn.role = "state"})"));
  EXPECT_THAT(text, HasSubstr(R"(tensor<f32> {horn.name = "loss", horn.per_batch = false, horn.role = "batch"})"));
  EXPECT_THAT(text, HasSubstr("horn.gradient wrt(%arg0)"));
}

TEST(Builder, TextComesBack) {
  std::string text = sum_of_squares(3).to_string();
  EXPECT_EQ(must(Module::parse(text)).to_string(), text);
  EXPECT_FALSE(Module::parse("func.func @f(").ok());
  EXPECT_FALSE(Module::parse("func.func @f(%x: tensor<2xf32>, %y: tensor<3xf32>) -> tensor<2xf32> {\n"
                             "  %0 = horn.add %x, %y : (tensor<2xf32>, tensor<3xf32>) -> tensor<2xf32>\n"
                             "  return %0 : tensor<2xf32>\n}")
                   .ok());
}

TEST(Builder, ConstantsOfEveryDtypeComeBack) {
  for (DType dtype :
       {DType::boolean, DType::int8, DType::int16, DType::int32, DType::int64, DType::uint8, DType::uint16,
        DType::uint32, DType::uint64, DType::float16, DType::bfloat16, DType::float32, DType::float64}) {
    for (int64_t n : {0, 1, 9}) {
      Array array(dtype, {n});
      for (int64_t i = 0; i < n; ++i) array.set(i, static_cast<double>(i % 2));
      Module module;
      Builder b(module);
      b.begin_function("f", {});
      ASSERT_TRUE(b.end_function(std::vector<Result>{{b.constant(array), "y", Role::batch}}).ok());
      Module again = must(Module::parse(module.to_string()));
      Array back = must(evaluate_function(again, "f", {}))[0];
      EXPECT_EQ(back.dtype(), dtype);
      EXPECT_EQ(values(back), values(array)) << name_of(dtype);
    }
  }
}

TEST(Builder, GradientIsExpandedBeforeItIsEvaluated) {
  Module module = sum_of_squares(3);
  std::vector<Array> x{f32({3}, {1, 2, 3})};
  EXPECT_THAT(std::string(evaluate_function(module, "f", x).status().message()), HasSubstr("expand gradients first"));
  ASSERT_TRUE(passes::expand_gradients(module).ok());
  auto results = must(evaluate_function(module, "f", x));
  EXPECT_THAT(values(results[0]), ElementsAre(2, 4, 6));
  EXPECT_THAT(values(results[1]), ElementsAre(14));
  EXPECT_THAT(values(results[2]), ElementsAre(1, 4, 9));
}

TEST(Builder, RefusesGradientsOfWhatIsNoFloatScalar) {
  Module module;
  Builder b(module);
  auto args = b.begin_function("f", std::vector<Argument>{{"x", f32_type({2})}, {"n", i32_type({})}});
  b.begin_gradient();
  Value y = must(b.create_one("exp", std::vector<Value>{args[0]}));
  EXPECT_EQ(b.end_gradient(y, std::vector<Value>{args[0]}, {}).status().message(),
            "The value to differentiate must be a float scalar. Received: dtype=float32, shape=(2,)");
  Value sum = must(b.create_one("reduce_sum", std::vector<Value>{y}, {{"axes", List{0}}}));
  EXPECT_EQ(b.end_gradient(sum, std::vector<Value>{args[1]}, {}).status().message(),
            "Only floats can be differentiated by. Received: dtype=int32");
  EXPECT_FALSE(b.end_function({}).ok());  // the gradient is still open
  EXPECT_TRUE(b.end_gradient(sum, std::vector<Value>{args[0]}, {}).ok());
  EXPECT_FALSE(b.end_gradient(sum, std::vector<Value>{args[0]}, {}).ok());
}

TEST(Builder, AnAbandonedGradientIsDropped) {
  Module module;
  Builder b(module);
  auto args = b.begin_function("f", std::vector<Argument>{{"x", f32_type({2})}});
  b.begin_gradient();
  Value y = must(b.create_one("exp", std::vector<Value>{args[0]}));
  b.begin_gradient();
  must(b.create_one("exp", std::vector<Value>{y}));
}

TEST(Builder, EvaluateFunctionChecksItsArguments) {
  Module module = sum_of_squares(3);
  EXPECT_THAT(std::string(evaluate_function(module, "f", {}).status().message()),
              HasSubstr("takes 1 arguments. Received: 0"));
  EXPECT_THAT(std::string(evaluate_function(module, "f", std::vector<Array>{f32({2}, {1, 2})}).status().message()),
              HasSubstr("expected float32 (3,). Received: float32 (2,)"));
  EXPECT_THAT(std::string(evaluate_function(module, "g", {}).status().message()), HasSubstr("No function g"));
}

}  // namespace
}  // namespace hornbeam::ir::testing
