// Convolutions with groups and on one to three spatial axes, with both gradients, compiled.
#include <gtest/gtest.h>

#include "compiled_support.h"

namespace hornbeam::test {
namespace {

using Values = std::vector<ir::Value>;
using List = std::vector<int64_t>;

struct Case {
  List x, window;
  int64_t groups, features;  // features of one group
  List strides, padding, dilation;
  DType dtype = DType::float32;
};
void PrintTo(const Case& c, std::ostream* out) {
  *out << "x " << ::testing::PrintToString(c.x) << " window " << ::testing::PrintToString(c.window) << " groups "
       << c.groups << " features " << c.features;
}

ir::Value op(ir::Builder& b, const char* name, const Values& operands, const ir::Attrs& attrs = {}) {
  absl::StatusOr<ir::Value> value = b.create_one(name, operands, attrs);
  if (!value.ok()) throw Error(std::string(value.status().message()));
  return *value;
}

// The convolution with a bias and relu, and the gradients of its sum of squares.
Function function_of(const Case& c) {
  List kernel(c.window);
  kernel.push_back(c.x.back() / c.groups);
  kernel.push_back(c.features * c.groups);
  auto body = [c](ir::Builder& b, const Values& a) -> Values {
    ir::Attrs attrs{{"strides", c.strides}, {"padding", c.padding}, {"dilation", c.dilation}, {"groups", c.groups}};
    b.begin_gradient();
    ir::Value y = op(b, "conv", {a[0], a[1]}, attrs);
    List shape, axes;
    for (int64_t i = 0; i < y.type().shape.rank(); ++i) shape.push_back(y.type().shape[i]), axes.push_back(i);
    ir::Value bias = op(b, "broadcast", {a[2]}, {{"shape", shape}, {"axes", List{axes.back()}}});
    y = op(b, "relu", {op(b, "add", {y, bias})});
    ir::Value loss = op(b, "reduce_sum", {op(b, "multiply", {y, y})}, {{"axes", axes}});
    auto result = b.end_gradient(loss, Values{a[0], a[1], a[2]}, Values{y});
    if (!result.ok()) throw Error(std::string(result.status().message()));
    return {result->aux[0], result->grads[0], op(b, "subtract", {a[1], result->grads[1]}), result->grads[2]};
  };
  return {{{c.dtype, Shape(c.x)}, {c.dtype, Shape(kernel)}, {c.dtype, {kernel.back()}}}, body};
}

std::vector<Case> cases() {
  List one2{1, 1}, none2{0, 0, 0, 0}, one3{1, 1, 1}, none3(6, 0);
  return {
      // Depthwise: lanes are groups, with and without a tail.
      {{2, 6, 7, 6}, {3, 3}, 6, 1, one2, {1, 1, 1, 1}, one2},
      {{2, 8, 8, 16}, {3, 3}, 16, 1, one2, none2, one2},
      {{3, 7, 9, 37}, {3, 3}, 37, 1, {2, 2}, {1, 1, 1, 1}, one2},
      {{1, 9, 9, 40}, {3, 2}, 40, 1, one2, {2, 2, 1, 1}, {2, 2}},
      {{2, 12, 5}, {4}, 5, 1, {1}, {1, 2}, {1}},
      // A multiplier, and the transposed case: several channels for one feature.
      {{2, 6, 6, 5}, {3, 3}, 5, 2, one2, {1, 1, 1, 1}, one2},
      {{2, 6, 6, 19}, {3, 3}, 19, 3, {2, 1}, none2, one2},
      {{2, 6, 6, 8}, {3, 3}, 4, 1, one2, {1, 1, 1, 1}, one2},
      {{2, 5, 5, 3}, {2, 2}, 3, 20, one2, none2, one2},
      // Groups of several channels and features.
      {{2, 6, 6, 8}, {3, 3}, 4, 3, one2, {1, 1, 1, 1}, one2},
      {{2, 5, 6, 12}, {2, 3}, 2, 18, {1, 2}, {0, 1, 1, 1}, one2},
      {{2, 11, 8}, {3}, 2, 4, {2}, {1, 1}, {1}},
      // Three spatial axes.
      {{2, 4, 5, 6, 3}, {2, 3, 3}, 1, 7, one3, none3, one3},
      {{1, 5, 5, 5, 2}, {3, 3, 3}, 1, 18, {2, 1, 2}, {1, 1, 1, 1, 1, 1}, one3},
      {{1, 6, 5, 6, 4}, {2, 2, 2}, 1, 5, one3, {1, 0, 0, 1, 1, 1}, {2, 1, 2}},
      {{2, 4, 4, 4, 6}, {2, 2, 2}, 6, 1, one3, {0, 1, 0, 1, 0, 1}, one3},
      {{2, 4, 4, 4, 6}, {2, 2, 2}, 3, 2, {2, 2, 2}, none3, one3},
      // A window of one element: a product, its kernel gradient in parts; with strides, elements that no window sees.
      {{6, 16, 16, 3}, {1, 1}, 1, 18, one2, none2, one2},
      {{2, 5, 7, 5}, {1, 1}, 1, 4, one2, none2, one2},
      {{2, 7, 6, 5}, {1, 1}, 1, 4, {2, 3}, none2, one2},
      {{2, 8, 8, 3}, {2, 2}, 1, 3, {3, 3}, none2, one2},
      // Kernel gradients of few tiles: the images in parts.
      {{9, 6, 6, 8}, {3, 3}, 8, 1, one2, {1, 1, 1, 1}, one2},
      {{11, 6, 6, 3}, {3, 3}, 1, 8, {2, 2}, {0, 1, 0, 1}, one2},
      // Half precision: sums in float32, gathers and scatters where a group has two features.
      {{2, 6, 6, 18}, {3, 3}, 18, 1, one2, none2, one2, DType::float16},
      {{2, 6, 6, 5}, {3, 3}, 5, 2, one2, none2, one2, DType::float16},
      {{2, 6, 6, 5}, {3, 3}, 5, 2, one2, none2, one2, DType::bfloat16},
  };
}

class ConvCompiled : public ::testing::TestWithParam<Case> {};

TEST_P(ConvCompiled, EqualsTheReference) {
  bool half = GetParam().dtype != DType::float32;
  for (int threads : {1, 3})
    EXPECT_EQ(check(function_of(GetParam()), 1, threads, half ? 3e-2 : 1e-4, half ? 0.25 : 1e-3), "") << threads;
}

TEST_P(ConvCompiled, HasTheSameBitsOnAnyNumberOfThreads) {
  Function function = function_of(GetParam());
  std::vector<Array> arguments = random_arguments(function.arguments, 3);
  auto one = run_compiled(function, arguments, 1), two = run_compiled(function, arguments, 2);
  ASSERT_TRUE(one.ok() && two.ok()) << one.status() << two.status();
  for (size_t i = 0; i < one->size(); ++i) EXPECT_EQ(difference({(*one)[i]}, {(*two)[i]}, 0, 0), "") << "result " << i;
}

INSTANTIATE_TEST_SUITE_P(Convolutions, ConvCompiled, ::testing::ValuesIn(cases()));

}  // namespace
}  // namespace hornbeam::test
