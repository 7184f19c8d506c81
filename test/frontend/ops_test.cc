// Ops: promotion, broadcasting, shapes, symbolic use. Numbers are those of the reference evaluator.
#include <hornbeam/ops.h>

#include <gtest/gtest.h>
#include <hornbeam/input.h>
#include <hornbeam/model.h>

#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using testing::evaluated;
using testing::expect_error;

Array one(const std::function<Tensor(const Tensors&)>& function, const Arrays& inputs) {
  return evaluated([&](const Tensors& x) { return function(x); }, inputs)[0];
}

TEST(Promotion, IsKeras) {
  EXPECT_EQ(result_type(DType::uint8, DType::int8), DType::int16);
  EXPECT_EQ(result_type(DType::uint32, DType::int32), DType::int64);
  EXPECT_EQ(result_type(DType::int64, DType::float16), DType::float16);
  EXPECT_EQ(result_type(DType::float16, DType::bfloat16), DType::float32);
  EXPECT_EQ(result_type(DType::boolean, DType::int8), DType::int8);
}

TEST(Promotion, LetsScalarsGiveWay) {
  Array bytes = Array::of<uint8_t>({2}, {1, 2}), floats = Array::of<float>({2}, {1, 2});
  EXPECT_EQ(one([](const Tensors& x) { return x[0] + 1; }, bytes).dtype(), DType::uint8);
  EXPECT_EQ(one([](const Tensors& x) { return x[0] * 0.5; }, bytes).dtype(), DType::float32);
  EXPECT_EQ(one([](const Tensors& x) { return x[0] / 2; }, bytes).dtype(), DType::float32);
  EXPECT_EQ(one([](const Tensors& x) { return 1 - (Tensor(2.0) * 3) * x[0]; }, Array::of<double>({1}, {1})).dtype(),
            DType::float64);
  EXPECT_EQ(one([](const Tensors& x) { return x[0] + 1; }, floats).dtype(), DType::float32);
}

TEST(Broadcasting, IsNumPys) {
  Array row = Array::of<float>({3}, {1, 2, 3}), column = Array::of<float>({2, 1}, {10, 20});
  Array sum = one([](const Tensors& x) { return x[0] + x[1]; }, {row, column});
  EXPECT_EQ(sum.shape(), (Shape{2, 3}));
  EXPECT_EQ(sum.as<float>()[5], 23);
  expect_error(
      [&] {
        one([](const Tensors& x) { return x[0] + x[1]; }, {row, Array(DType::float32, {2})});
      },
      "could not be broadcast together with shapes (3,) and (2,)");
}

TEST(Ops, MatmulTakesVectorsAndBatches) {
  Array a = Array::of<float>({2, 3}, {1, 2, 3, 4, 5, 6}), v = Array::of<float>({3}, {1, 0, 2});
  auto product = [](const Tensors& x) { return ops::matmul(x[0], x[1]); };
  Array av = one(product, {a, v});
  EXPECT_EQ(av.shape(), (Shape{2}));
  EXPECT_EQ(av.as<float>()[1], 16);
  Array va = one(product, {Array::of<float>({2}, {1, 2}), a});
  EXPECT_EQ(va.as<float>()[2], 15);
  Array batched = one(product, {Array(DType::float32, {5, 1, 2, 3}), Array(DType::float32, {4, 3, 7})});
  EXPECT_EQ(batched.shape(), (Shape{5, 4, 2, 7}));
  expect_error([&] { one(product, {a, a}); }, "Inner dimensions");
}

TEST(Ops, ReduceWithAxesAndKeepdims) {
  Array a = Array::of<float>({2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(one([](const Tensors& x) { return ops::sum(x[0]); }, a).as<float>()[0], 21);
  EXPECT_EQ(one([](const Tensors& x) { return ops::mean(x[0], 1, true); }, a).shape(), (Shape{2, 1}));
  EXPECT_EQ(one([](const Tensors& x) { return ops::max(x[0], {-1}); }, a).as<float>()[1], 6);
  EXPECT_NEAR(one([](const Tensors& x) { return ops::var(x[0]); }, a).as<float>()[0], 35.0 / 12, 1e-6);
  EXPECT_EQ(one([](const Tensors& x) { return ops::argmax(x[0], 1); }, a).dtype(), DType::int32);
  EXPECT_EQ(one([](const Tensors& x) { return ops::mean(x[0]); }, Array::of<int32_t>({2}, {1, 2})).as<float>()[0],
            1.5f);
  EXPECT_EQ(one([](const Tensors& x) { return ops::sum(x[0]); }, Array::of<bool>({3}, {true, false, true})).dtype(),
            DType::int32);
  expect_error([&] { one([](const Tensors& x) { return ops::sum(x[0], 2); }, a); }, "axis 2 is out of bounds");
}

TEST(Ops, MoveElements) {
  Array a = Array::of<int32_t>({2, 3}, {1, 2, 3, 4, 5, 6});
  Array t = one([](const Tensors& x) { return ops::transpose(x[0]); }, a);
  EXPECT_EQ(t.shape(), (Shape{3, 2}));
  EXPECT_EQ(t.as<int32_t>()[1], 4);
  EXPECT_EQ(one([](const Tensors& x) { return ops::reshape(x[0], {3, -1}); }, a).shape(), (Shape{3, 2}));
  Array s = one([](const Tensors& x) { return ops::stack({x[0], x[0]}, 1); }, a);
  EXPECT_EQ(s.shape(), (Shape{2, 2, 3}));
  Array h = one([](const Tensors& x) { return ops::one_hot(ops::slice_axis(x[0], 1, -1), 7); }, a);
  EXPECT_EQ(h.shape(), (Shape{2, 1, 7}));
  EXPECT_EQ(h.as<float>()[3], 1);
  EXPECT_EQ(h.as<float>()[7 + 6], 1);
  Array p = one([](const Tensors& x) { return ops::pad(x[0], {{1, 0}, {0, 2}}, 9); }, a);
  EXPECT_EQ(p.shape(), (Shape{3, 5}));
  EXPECT_EQ(p.as<int32_t>()[0], 9);
  expect_error([&] { one([](const Tensors& x) { return ops::reshape(x[0], {4, -1}); }, a); }, "total size");
  expect_error([&] { one([](const Tensors& x) { return ops::squeeze(x[0], 0); }, a); }, "dimension is not 1");
}

TEST(Ops, AreNodesOfALayerGraph) {
  Tensor x = Input({.shape = {4}, .name = "x"});
  Tensor y = ops::relu(x * 2 - 1) + ops::sum(x, -1, true);
  EXPECT_EQ(y.shape(), (Shape{kUnknown, 4}));
  Model model(x, y);
  EXPECT_EQ(model.layers().size(), 1u);  // the Input: ops are no layers
  Array out = evaluated([&](const Tensors& in) { return model.invoke(in); }, Array::of<float>({1, 4}, {1, 0, 0, 2}))[0];
  EXPECT_EQ(out.as<float>()[0], 4);
  EXPECT_EQ(out.as<float>()[1], 3);
}

TEST(Ops, TakeNoTensorAsAnError) {
  expect_error([] { ops::add(Tensor(), 1); }, "[Add] Argument 1 is no tensor.");
}

}  // namespace
}  // namespace hornbeam
