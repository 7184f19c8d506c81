// InputSpec: what it takes, and how it tells what it does not.
#include <gtest/gtest.h>
#include <hornbeam/input_spec.h>
#include <hornbeam/layers/identity.h>

#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using testing::expect_error;

TEST(InputSpec, ChecksWhatIsGiven) {
  layers::Identity layer({.name = "id"});
  InputSpec spec{.max_ndim = 4, .min_ndim = 2, .axes = {{-1, 3}}};
  spec.check(layer, Shape{kUnknown, 3});
  spec.check(layer, Shape{2, 5, kUnknown});
  expect_error([&] { spec.check(layer, Shape{3}); }, "\"id\" is incompatible with the layer: expected min_ndim=2");
  expect_error([&] { spec.check(layer, Shape{1, 1, 1, 1, 3}); }, "expected max_ndim=4, found ndim=5");
  expect_error([&] { spec.check(layer, Shape{2, 4}); }, "expected axis -1 of input shape to have value 3");
  expect_error([&] { InputSpec({.ndim = 2}).check(layer, Shape{2}); }, "expected ndim=2, found ndim=1");
  expect_error([&] { InputSpec({.axes = {{2, 3}}}).check(layer, Shape{2}); }, "expected an axis 2");
  InputSpec shape{.shape = Shape{kUnknown, 5, 1}};
  shape.check(layer, Shape{7, 5, 1});
  expect_error([&] { shape.check(layer, Shape{7, 5}); }, "expected shape=(None, 5, 1), found shape=(7, 5)");
  shape.allow_last_axis_squeeze = true;
  shape.check(layer, Shape{7, 5});
  expect_error([&] { InputSpec({.dtype = DType::int32}).check(layer, Tensor(Array(DType::float32, {2}))); },
               "expected dtype=int32, found dtype=float32");
}

}  // namespace
}  // namespace hornbeam
