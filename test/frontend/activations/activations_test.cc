// Activations: names, and values that a careless formula would spoil.
#include <gtest/gtest.h>
#include <hornbeam/activations/activations.h>
#include <hornbeam/gradient.h>
#include <hornbeam/ops.h>

#include <cmath>

#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using testing::evaluated;
using testing::expect_error;

// The derivative of sum(f(x)) at one number.
double slope(Tensor (*f)(const Tensor&), float at) {
  auto function = [&](const Tensors& x) -> Tensors {
    return grad([&](const std::vector<Tensor>& xs) { return ops::sum(f(xs[0])); }, {x[0]}).at(0);
  };
  return evaluated(function, Arrays(Array::of<float>({1}, {at}))).at(0).get(0);
}

TEST(Activation, IsKnownByItsNames) {
  EXPECT_EQ(Activation("swish").name(), "silu");
  EXPECT_EQ(Activation("hard_swish").name(), "hard_silu");
  EXPECT_TRUE(Activation("linear").is_linear());
  expect_error([] { Activation("rellu"); }, "relu");
}

TEST(Activation, GradientsOfLargeNumbersAreFinite) {
  EXPECT_EQ(slope([](const Tensor& x) { return activations::elu(x); }, 200), 1);
  EXPECT_EQ(slope([](const Tensor& x) { return activations::celu(x); }, 200), 1);
  EXPECT_NEAR(slope(activations::selu, 200), 1.0507, 1e-4);
  EXPECT_EQ(slope(activations::softplus, 200), 1);
  EXPECT_EQ(slope(activations::mish, 200), 1);
  EXPECT_EQ(slope(activations::log_sigmoid, -200), 1);
  EXPECT_EQ(slope(activations::silu, -200), 0);
}

// Zero is where networks start; max and |x| have a corner there that their sum does not have.
TEST(Activation, SlopesAtZeroAreKeras) {
  EXPECT_EQ(slope(activations::softplus, 0), 0.5);
  EXPECT_EQ(slope(activations::log_sigmoid, 0), 0.5);
  EXPECT_EQ(slope([](const Tensor& x) { return activations::elu(x); }, 0), 1);
  EXPECT_EQ(slope([](const Tensor& x) { return activations::relu(x); }, 0), 0);
}

TEST(Activation, RejectsBadAxes) {
  Array x(DType::float32, {2, 3});
  auto call = [&](int64_t axis) {
    return
        [&x, axis] { evaluated([&](const Tensors& t) -> Tensors { return activations::glu(t[0], axis); }, Arrays(x)); };
  };
  expect_error(call(-1), "divisible by 2");
  expect_error(call(2), "out of bounds");
}

}  // namespace
}  // namespace hornbeam
