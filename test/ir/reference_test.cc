// The reference evaluator against numbers worked out by hand.
#include <hornbeam/base/philox.h>

#include <cmath>
#include <limits>

#include "ir_test.h"

namespace hornbeam::ir::testing {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::IsNan;
using ::testing::Pointwise;

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(Reference, Unary) {
  auto unary = [](const char* op, double x) { return run(op, {f64({}, {x})}).get(0); };
  EXPECT_EQ(unary("negative", 2), -2);
  EXPECT_EQ(unary("abs", -2), 2);
  EXPECT_EQ(unary("sign", -3), -1);
  EXPECT_EQ(unary("sign", 0), 0);
  EXPECT_THAT(unary("sign", kNan), IsNan());
  EXPECT_NEAR(unary("exp", 1), 2.718281828459045, 1e-15);
  EXPECT_NEAR(unary("expm1", 1e-10), 1.00000000005e-10, 1e-24);
  EXPECT_NEAR(unary("log", 10), 2.302585092994046, 1e-15);
  EXPECT_NEAR(unary("log1p", 1e-10), 9.9999999995e-11, 1e-24);
  EXPECT_EQ(unary("sqrt", 9), 3);
  EXPECT_EQ(unary("rsqrt", 4), 0.5);
  EXPECT_NEAR(unary("sin", 1), 0.8414709848078965, 1e-15);
  EXPECT_NEAR(unary("cos", 1), 0.5403023058681398, 1e-15);
  EXPECT_NEAR(unary("tan", 1), 1.5574077246549023, 1e-15);
  EXPECT_NEAR(unary("tanh", 0.5), 0.46211715726000973, 1e-15);
  EXPECT_NEAR(unary("erf", 0.5), 0.5204998778130465, 1e-15);
  EXPECT_EQ(unary("floor", -1.5), -2);
  EXPECT_EQ(unary("ceil", -1.5), -1);
  EXPECT_EQ(unary("round", 2.5), 2);
  EXPECT_EQ(unary("round", -1.5), -2);
  EXPECT_NEAR(unary("sigmoid", -40), 4.248354255291589e-18, 1e-32);
  EXPECT_EQ(unary("sigmoid", -1000), 0);
  EXPECT_EQ(unary("relu", -1), 0);
  EXPECT_EQ(unary("relu", 2), 2);
  EXPECT_THAT(unary("relu", kNan), IsNan());
  EXPECT_EQ(unary("stop_gradient", 7), 7);
}

TEST(Reference, Predicates) {
  Array x = f64({4}, {1, kNan, kInf, -kInf});
  EXPECT_THAT(values(run("is_nan", {x})), ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(values(run("is_finite", {x})), ElementsAre(1, 0, 0, 0));
  EXPECT_THAT(values(run("is_inf", {x})), ElementsAre(0, 0, 1, 1));
  EXPECT_THAT(values(run("is_finite", {i32({1}, {3})})), ElementsAre(1));
  EXPECT_THAT(values(run("logical_not", {bools({2}, {0, 1})})), ElementsAre(1, 0));
}

TEST(Reference, BinaryFloats) {
  auto binary = [](const char* op, double x, double y) { return run(op, {f64({}, {x}), f64({}, {y})}).get(0); };
  EXPECT_EQ(binary("add", 2, 3), 5);
  EXPECT_EQ(binary("subtract", 2, 3), -1);
  EXPECT_EQ(binary("multiply", 2, 3), 6);
  EXPECT_EQ(binary("divide", 1, 0), kInf);
  EXPECT_EQ(binary("power", 2, 10), 1024);
  EXPECT_EQ(binary("maximum", 2, 3), 3);
  EXPECT_THAT(binary("maximum", kNan, 3), IsNan());
  EXPECT_THAT(binary("minimum", 3, kNan), IsNan());
  EXPECT_EQ(binary("remainder", -7, 3), 2);
  EXPECT_EQ(binary("remainder", 7, -3), -2);
  EXPECT_EQ(binary("floor_divide", -7, 3), -3);
  EXPECT_EQ(binary("floor_divide", 1, 0.1), 9);
  EXPECT_EQ(binary("floor_divide", 1, 0), kInf);
}

TEST(Reference, Integers) {
  auto binary = [](const char* op, int x, int y) { return run(op, {i32({}, {x}), i32({}, {y})}).get_int(0); };
  EXPECT_EQ(binary("remainder", -7, 3), 2);
  EXPECT_EQ(binary("remainder", 7, -3), -2);
  EXPECT_EQ(binary("remainder", 7, 0), 0);
  EXPECT_EQ(binary("floor_divide", -7, 3), -3);
  EXPECT_EQ(binary("floor_divide", 7, 0), 0);
  EXPECT_EQ(binary("floor_divide", INT32_MIN, -1), INT32_MIN);
  EXPECT_EQ(binary("power", 3, 4), 81);
  EXPECT_EQ(binary("power", -1, -3), -1);
  EXPECT_EQ(binary("power", 2, -1), 0);
  EXPECT_EQ(binary("multiply", INT32_MAX, 2), -2);
  EXPECT_EQ(run("subtract", {i32({}, {0}).cast(DType::uint8), i32({}, {1}).cast(DType::uint8)}).get_int(0), 255);
  EXPECT_EQ(run("less", {i32({}, {200}).cast(DType::uint8), i32({}, {100}).cast(DType::uint8)}).get_int(0), 0);
  EXPECT_EQ(run("abs", {i32({}, {-5})}).get_int(0), 5);
  EXPECT_EQ(run("sign", {i32({}, {-5})}).get_int(0), -1);
  EXPECT_EQ(run("negative", {i32({}, {INT32_MIN})}).get_int(0), INT32_MIN);
}

TEST(Reference, ComparisonsAndLogic) {
  Array x = f64({3}, {1, 2, kNan}), y = f64({3}, {2, 2, kNan});
  EXPECT_THAT(values(run("equal", {x, y})), ElementsAre(0, 1, 0));
  EXPECT_THAT(values(run("not_equal", {x, y})), ElementsAre(1, 0, 1));
  EXPECT_THAT(values(run("less", {x, y})), ElementsAre(1, 0, 0));
  EXPECT_THAT(values(run("less_equal", {x, y})), ElementsAre(1, 1, 0));
  EXPECT_THAT(values(run("greater", {x, y})), ElementsAre(0, 0, 0));
  EXPECT_THAT(values(run("greater_equal", {x, y})), ElementsAre(0, 1, 0));
  Array a = bools({4}, {0, 0, 1, 1}), b = bools({4}, {0, 1, 0, 1});
  EXPECT_THAT(values(run("logical_and", {a, b})), ElementsAre(0, 0, 0, 1));
  EXPECT_THAT(values(run("logical_or", {a, b})), ElementsAre(0, 1, 1, 1));
  EXPECT_THAT(values(run("logical_xor", {a, b})), ElementsAre(0, 1, 1, 0));
  EXPECT_THAT(values(run("select", {bools({2}, {1, 0}), i32({2}, {1, 2}), i32({2}, {3, 4})})), ElementsAre(1, 4));
}

TEST(Reference, Casts) {
  EXPECT_THAT(values(run("cast", {f32({3}, {1.9f, -1.9f, 0})}, {{"dtype", DType::int32}})), ElementsAre(1, -1, 0));
  EXPECT_THAT(values(run("cast", {f32({3}, {0.5f, 0, -2})}, {{"dtype", DType::boolean}})), ElementsAre(1, 0, 1));
  EXPECT_THAT(values(run("cast", {i32({2}, {300, -1})}, {{"dtype", DType::uint8}})), ElementsAre(44, 255));
  EXPECT_THAT(values(run("cast", {f32({1}, {1.0009765625f})}, {{"dtype", DType::bfloat16}})), ElementsAre(1));
}

TEST(Reference, Shapes) {
  Array x = i32({2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_THAT(values(run("iota", {}, {{"shape", List{2, 3}}, {"axis", int64_t{1}}, {"dtype", DType::int32}})),
              ElementsAre(0, 1, 2, 0, 1, 2));
  EXPECT_THAT(values(run("iota", {}, {{"shape", List{2, 3}}, {"axis", int64_t{0}}, {"dtype", DType::float32}})),
              ElementsAre(0, 0, 0, 1, 1, 1));
  EXPECT_THAT(values(run("broadcast", {i32({2}, {1, 2})}, {{"shape", List{2, 3}}, {"axes", List{0}}})),
              ElementsAre(1, 1, 1, 2, 2, 2));
  EXPECT_THAT(values(run("broadcast", {i32({1, 2}, {1, 2})}, {{"shape", List{2, 2}}, {"axes", List{0, 1}}})),
              ElementsAre(1, 2, 1, 2));
  EXPECT_THAT(values(run("reshape", {x}, {{"shape", List{3, -1}}})), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(values(run("transpose", {x}, {{"permutation", List{1, 0}}})), ElementsAre(1, 4, 2, 5, 3, 6));
  EXPECT_THAT(values(run("concat", {x, i32({2, 1}, {7, 8})}, {{"axis", int64_t{1}}})),
              ElementsAre(1, 2, 3, 7, 4, 5, 6, 8));
  EXPECT_THAT(values(run("slice", {x}, {{"start", List{1, 0}}, {"limit", List{2, 3}}, {"strides", List{1, 2}}})),
              ElementsAre(4, 6));
  EXPECT_THAT(values(run("pad", {i32({2}, {1, 2}), i32({}, {9})}, {{"low", List{1}}, {"high", List{2}}})),
              ElementsAre(9, 1, 2, 9, 9));
  EXPECT_THAT(values(run("reverse", {x}, {{"axes", List{1}}})), ElementsAre(3, 2, 1, 6, 5, 4));
}

TEST(Reference, Reductions) {
  Array x = f32({2, 3}, {1, 5, 2, 8, 3, 8});
  EXPECT_THAT(values(run("reduce_sum", {x}, {{"axes", List{0}}})), ElementsAre(9, 8, 10));
  EXPECT_THAT(values(run("reduce_max", {x}, {{"axes", List{1}}})), ElementsAre(5, 8));
  EXPECT_THAT(values(run("reduce_min", {x}, {{"axes", List{0, 1}}})), ElementsAre(1));
  EXPECT_THAT(values(run("reduce_prod", {x}, {{"axes", List{1}}})), ElementsAre(10, 192));
  EXPECT_THAT(values(run("argmax", {x}, {{"axis", int64_t{1}}})), ElementsAre(1, 0));
  EXPECT_THAT(values(run("argmin", {x}, {{"axis", int64_t{0}}})), ElementsAre(0, 1, 0));
  EXPECT_THAT(values(run("reduce_max", {bools({2, 2}, {0, 1, 0, 0})}, {{"axes", List{1}}})), ElementsAre(1, 0));
  EXPECT_THAT(values(run("reduce_min", {bools({2, 2}, {1, 1, 0, 1})}, {{"axes", List{1}}})), ElementsAre(1, 0));
  EXPECT_THAT(run("reduce_max", {f64({3}, {1, kNan, 2})}, {{"axes", List{0}}}).get(0), IsNan());
  EXPECT_EQ(run("argmax", {f64({3}, {1, kNan, 2})}, {{"axis", int64_t{0}}}).get(0), 1);
  EXPECT_EQ(run("reduce_max", {f64({0}, {})}, {{"axes", List{0}}}).get(0), -kInf);
  EXPECT_EQ(run("reduce_min", {i32({0}, {})}, {{"axes", List{0}}}).get_int(0), INT32_MAX);
  EXPECT_EQ(run("reduce_sum", {f64({0}, {})}, {{"axes", List{0}}}).get(0), 0);
  // 2^24 + 1 + 1 in float32: sums are held as double.
  EXPECT_EQ(run("reduce_sum", {f32({3}, {16777216, 1, 1})}, {{"axes", List{0}}}).get(0), 16777218);
}

TEST(Reference, Dot) {
  Array a = f32({2, 3}, {1, 2, 3, 4, 5, 6}), b = f32({3, 2}, {7, 8, 9, 10, 11, 12});
  Attrs matmul{{"lhs_contract", List{1}}, {"rhs_contract", List{0}}, {"lhs_batch", List{}}, {"rhs_batch", List{}}};
  EXPECT_THAT(values(run("dot", {a, b}, matmul)), ElementsAre(58, 64, 139, 154));
  Attrs batched{{"lhs_contract", List{1}}, {"rhs_contract", List{0}}, {"lhs_batch", List{0}}, {"rhs_batch", List{1}}};
  EXPECT_THAT(values(run("dot", {a, b}, batched)), ElementsAre(1 * 7 + 2 * 9 + 3 * 11, 4 * 8 + 5 * 10 + 6 * 12));
  Attrs outer{{"lhs_contract", List{}}, {"rhs_contract", List{}}, {"lhs_batch", List{}}, {"rhs_batch", List{}}};
  EXPECT_THAT(values(run("dot", {f32({2}, {1, 2}), f32({2}, {3, 4})}, outer)), ElementsAre(3, 4, 6, 8));
}

TEST(Reference, Convolution) {
  Array x = f32({1, 4, 1}, {1, 2, 3, 4}), kernel = f32({2, 1, 1}, {10, 1});
  auto options = [](int64_t stride, List padding, int64_t dilation) {
    return Attrs{{"strides", List{stride}}, {"padding", padding}, {"dilation", List{dilation}}, {"groups", int64_t{1}}};
  };
  EXPECT_THAT(values(run("conv", {x, kernel}, options(1, {0, 0}, 1))), ElementsAre(12, 23, 34));
  EXPECT_THAT(values(run("conv", {x, kernel}, options(2, {0, 0}, 1))), ElementsAre(12, 34));
  EXPECT_THAT(values(run("conv", {x, kernel}, options(1, {1, 1}, 1))), ElementsAre(1, 12, 23, 34, 40));
  EXPECT_THAT(values(run("conv", {x, kernel}, options(1, {0, 0}, 2))), ElementsAre(13, 24));
  // Two groups: each output channel sees its own input channel.
  Attrs grouped{{"strides", List{1}}, {"padding", List{0, 0}}, {"dilation", List{1}}, {"groups", int64_t{2}}};
  EXPECT_THAT(values(run("conv", {f32({1, 1, 2}, {3, 5}), f32({1, 1, 2}, {10, 100})}, grouped)), ElementsAre(30, 500));
  Attrs data = options(1, {0, 0}, 1);
  data.push_back({"input_shape", List{1, 4, 1}});
  EXPECT_THAT(values(run("conv_backward_data", {f32({1, 3, 1}, {1, 2, 3}), kernel}, data)), ElementsAre(10, 21, 32, 3));
  data.back() = {"kernel_shape", List{2, 1, 1}};
  EXPECT_THAT(values(run("conv_backward_kernel", {x, f32({1, 3, 1}, {1, 2, 3})}, data)),
              ElementsAre(1 + 4 + 9, 2 + 6 + 12));
}

TEST(Reference, Pooling) {
  Array x = f32({1, 5, 1}, {1, 4, 4, 2, 3});
  Attrs pool{{"window", List{3}}, {"strides", List{2}}, {"padding", List{0, 0}}};
  Attrs padded{{"window", List{3}}, {"strides", List{2}}, {"padding", List{1, 1}}};
  EXPECT_THAT(values(run("max_pool", {x}, pool)), ElementsAre(4, 4));
  EXPECT_THAT(values(run("max_pool_backward", {x, f32({1, 2, 1}, {10, 1})}, pool)), ElementsAre(0, 10, 1, 0, 0));
  EXPECT_THAT(values(run("max_pool_gather", {x, f32({1, 5, 1}, {1, 2, 3, 4, 5})}, pool)), ElementsAre(2, 3));
  EXPECT_THAT(values(run("avg_pool", {x}, pool)), ElementsAre(3, 3));
  EXPECT_THAT(values(run("avg_pool", {x}, padded)), ElementsAre(2.5, 10 / 3.0f, 2.5));
  Attrs backward = padded;
  backward.push_back({"input_shape", List{1, 5, 1}});
  EXPECT_THAT(values(run("avg_pool_backward", {f32({1, 3, 1}, {2, 3, 4})}, backward)), ElementsAre(1, 2, 1, 3, 2));
  EXPECT_THAT(values(run("max_pool", {f32({1, 3, 1}, {-1, -2, -3})}, padded)),
              ElementsAre(-1, -2));  // padding never wins
}

TEST(Reference, Take) {
  Array x = f32({3, 2}, {1, 2, 3, 4, 5, 6});
  EXPECT_THAT(values(run("take", {x, i32({2}, {2, 0})}, {{"axis", int64_t{0}}})), ElementsAre(5, 6, 1, 2));
  EXPECT_THAT(values(run("take", {x, i32({2}, {-5, 9})}, {{"axis", int64_t{1}}})), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(values(run("take_backward", {i32({3}, {1, 1, 0}), f32({3, 1}, {1, 2, 4})},
                         {{"axis", int64_t{0}}, {"input_shape", List{2, 1}}})),
              ElementsAre(4, 3));
}

TEST(Reference, RandomUniformIsPhiloxByElement) {
  Array seed = Array::of<uint32_t>({2}, {7, 9});
  Array x = run("random_uniform", {seed}, {{"shape", List{2, 3}}});
  for (uint32_t i = 0; i < 6; ++i) EXPECT_EQ(x.as<float>()[i], unit_float(philox4x32({i, 0, 0, 0}, {7, 9})[0]));
}

TEST(Reference, Softmaxes) {
  Array x = f64({1, 3}, {1, 2, 3});
  std::vector<double> p{0.09003057317038046, 0.24472847105479767, 0.6652409557748219};
  EXPECT_THAT(values(run("softmax", {x}, {{"axis", int64_t{1}}})), Pointwise(DoubleNear(1e-15), p));
  EXPECT_THAT(values(run("log_softmax", {x}, {{"axis", int64_t{1}}})),
              Pointwise(DoubleNear(1e-15), std::vector<double>{std::log(p[0]), std::log(p[1]), std::log(p[2])}));
  EXPECT_NEAR(run("logsumexp", {x}, {{"axes", List{0, 1}}}).get(0), 3.4076059644443806, 1e-15);
  EXPECT_NEAR(run("logsumexp", {f64({2}, {1000, 1000})}, {{"axes", List{0}}}).get(0), 1000 + std::log(2.0), 1e-12);
  EXPECT_EQ(run("logsumexp", {f64({2}, {-kInf, -kInf})}, {{"axes", List{0}}}).get(0), -kInf);
  EXPECT_NEAR(run("sparse_softmax_cross_entropy", {x, i32({1}, {2})}).get(0), -std::log(p[2]), 1e-15);
  EXPECT_THAT(run("sparse_softmax_cross_entropy", {x, i32({1}, {3})}).get(0), IsNan());
  EXPECT_THAT(run("sparse_softmax_cross_entropy", {x, i32({1}, {-1})}).get(0), IsNan());
  EXPECT_NEAR(run("softmax_cross_entropy", {x, f64({1, 3}, {0.5, 0, 0.5})}).get(0),
              -0.5 * std::log(p[0]) - 0.5 * std::log(p[2]), 1e-15);
}

}  // namespace
}  // namespace hornbeam::ir::testing
