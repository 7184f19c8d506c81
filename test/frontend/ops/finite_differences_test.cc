// Gradients of what is more than one op of the IR against finite differences in float64, at shapes that a seed draws:
// rematerialized functions, functions with a gradient of their own, attention at once and in blocks.
#include <functional>
#include <random>

#include <gtest/gtest.h>
#include <hornbeam/gradient.h>
#include <hornbeam/ops.h>
#include <hornbeam/ops/attention.h>
#include <hornbeam/ops/custom_gradient.h>
#include <hornbeam/remat.h>

#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using testing::evaluated;
using Function = std::function<Tensor(const std::vector<Tensor>&)>;

class Draw {
 public:
  explicit Draw(uint32_t seed) : generator_(seed) {}
  int64_t number(int64_t low, int64_t high) { return low + static_cast<int64_t>(generator_() % (high - low + 1)); }
  Array array(const Shape& shape) {
    Array array(DType::float64, shape);
    for (int64_t i = 0; i < array.num_elements(); ++i) array.set(i, generator_() / 2147483648.0 - 1);
    return array;
  }

 private:
  std::mt19937 generator_;
};

// sum(weights * f(x…)), where the weights are the last input.
double weighted(const Function& f, const std::vector<Array>& inputs) {
  return evaluated([&](const Tensors& t) -> Tensors {
    std::vector<Tensor> xs = t.flat(), given(xs.begin(), xs.end() - 1);
    return ops::sum(f(given) * xs.back());
  }, Arrays(inputs))[0].get(0);
}

void expect_finite_differences(const Function& f, std::vector<Array> inputs, Draw& draw) {
  Array result = evaluated([&](const Tensors& t) -> Tensors { return f(t.flat()); }, Arrays(inputs))[0];
  const size_t count = inputs.size();
  inputs.push_back(draw.array(result.shape()));
  std::vector<Array> grads = evaluated([&](const Tensors& t) -> Tensors {
    std::vector<Tensor> xs = t.flat(), wrt(xs.begin(), xs.end() - 1);
    return grad(Function([&](const std::vector<Tensor>& given) { return ops::sum(f(given) * xs.back()); }), wrt);
  }, Arrays(inputs));
  constexpr double kStep = 1e-5;
  for (size_t k = 0; k < count; ++k) {
    ASSERT_EQ(grads[k].shape(), inputs[k].shape());
    for (int64_t i = 0; i < inputs[k].num_elements(); ++i) {
      auto moved = [&](double by) {
        std::vector<Array> other = inputs;
        other[k] = inputs[k].clone();
        other[k].set(i, inputs[k].get(i) + by);
        return weighted(f, other);
      };
      double expected = (moved(kStep) - moved(-kStep)) / (2 * kStep);
      EXPECT_NEAR(grads[k].get(i), expected, 1e-7 * (1 + std::abs(expected))) << "input " << k << ", element " << i;
    }
  }
}

class FiniteDifferences : public ::testing::TestWithParam<uint32_t> {
 protected:
  Draw draw{GetParam()};
};

TEST_P(FiniteDifferences, OfRemat) {
  int64_t rows = draw.number(1, 3), in = draw.number(1, 4), out = draw.number(1, 4);
  auto block = remat([](const Tensor& x, const Tensor& w) {
    Tensor y = ops::matmul(x, w);
    return ops::tanh(y) * ops::exp(-y);
  });
  expect_finite_differences([&](const std::vector<Tensor>& x) { return block(x[0], x[1]) + ops::sum(x[1]); },
                            {draw.array({rows, in}), draw.array({in, out})}, draw);
}

TEST_P(FiniteDifferences, OfRematInsideRemat) {
  Shape shape{draw.number(1, 3), draw.number(1, 3)};
  auto inner = remat([](const Tensor& x) { return ops::sin(x) * x; });
  auto outer = remat([&](const Tensor& x) { return ops::exp(inner(x)) - inner(ops::cos(x)); });
  expect_finite_differences([&](const std::vector<Tensor>& x) { return outer(x[0]); }, {draw.array(shape)}, draw);
}

TEST_P(FiniteDifferences, OfACustomGradientThatIsTheTrueOne) {
  Shape shape{draw.number(1, 4), draw.number(1, 3)};
  auto product = custom_gradient([](const Tensor& a, const Tensor& b) {
    Tensor s = ops::sin(a);
    auto gradient = [=](const Tensor& up) { return std::pair(up * ops::cos(a) * b, up * s); };
    return std::pair(s * b, gradient);
  });
  expect_finite_differences([&](const std::vector<Tensor>& x) { return ops::tanh(product(x[0] * 2, x[1] + x[0])); },
                            {draw.array(shape), draw.array(shape)}, draw);
}

TEST_P(FiniteDifferences, OfAttention) {
  int64_t batch = draw.number(1, 2), queries = draw.number(1, 5), keys = draw.number(1, 5), shared = draw.number(1, 2);
  int64_t heads = shared * draw.number(1, 2), depth = draw.number(1, 3);
  bool causal = draw.number(0, 1) && keys >= queries;
  for (bool in_blocks : {false, true})
    expect_finite_differences(
        [&](const std::vector<Tensor>& x) {
          return ops::dot_product_attention(x[0], x[1], x[2], x[3], {}, {}, causal, in_blocks);
        },
        {draw.array({batch, queries, heads, depth}), draw.array({batch, keys, shared, depth}),
         draw.array({batch, keys, shared, depth}), draw.array({heads, 1, keys})},
        draw);
}

INSTANTIATE_TEST_SUITE_P(Seeds, FiniteDifferences, ::testing::Range(1u, 6u));

}  // namespace
}  // namespace hornbeam
