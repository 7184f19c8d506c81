// Result shapes, with and without unknown axes, and what is said of operands that do not fit.
#include "ir_test.h"

namespace hornbeam::ir::testing {
namespace {

using ::testing::HasSubstr;

TEST(Infer, ElementwiseKeepsTheShapeAndLearnsUnknownAxes) {
  EXPECT_EQ(inferred("add", {f32_type({kUnknown, 3}), f32_type({2, kUnknown})}), Shape({2, 3}));
  EXPECT_EQ(must(infer("less", std::vector<Type>{f32_type({2}), f32_type({2})}, {}))[0].dtype, DType::boolean);
  EXPECT_EQ(must(infer("cast", std::vector<Type>{f32_type({2})}, {{"dtype", DType::uint8}}))[0],
            (Type{DType::uint8, {2}}));
  EXPECT_EQ(inferred("select", {{DType::boolean, {2}}, i32_type({2}), i32_type({2})}), Shape({2}));
}

TEST(Infer, ElementwiseRefusesOtherShapesAndDtypes) {
  EXPECT_EQ(refusal("add", {f32_type({2, 3}), f32_type({3, 2})}),
            "horn.add: operands must have equal shapes. Received: (2, 3) and (3, 2)");
  EXPECT_EQ(refusal("multiply", {f32_type({2}), i32_type({2})}),
            "horn.multiply: operands must have one dtype. Received: float32 and int32");
  EXPECT_EQ(refusal("exp", {i32_type({2})}), "horn.exp: expected a float dtype. Received: dtype=int32");
  EXPECT_EQ(refusal("add", {{DType::boolean, {2}}, {DType::boolean, {2}}}),
            "horn.add: expected a float or integer dtype. Received: dtype=bool");
  EXPECT_EQ(refusal("select", {f32_type({2}), f32_type({2}), f32_type({2})}),
            "horn.select: expected dtype bool. Received: dtype=float32");
  EXPECT_THAT(refusal("select", {{DType::boolean, {3}}, f32_type({2}), f32_type({2})}),
              HasSubstr("pred.shape=(3,), a.shape=(2,)"));
}

TEST(Infer, RefusesWhatIsNoOpOrHasOtherOperandsAndAttributes) {
  EXPECT_EQ(refusal("frobnicate", {}), "Unknown op: frobnicate");
  EXPECT_EQ(refusal("gradient", {}), "Unknown op: gradient");
  EXPECT_EQ(refusal("add", {f32_type({2})}), "horn.add: expected 2 operands. Received: 1");
  EXPECT_EQ(refusal("reduce_sum", {f32_type({2})}), "horn.reduce_sum: missing attribute axes");
  EXPECT_EQ(refusal("negative", {f32_type({2})}, {{"axis", int64_t{0}}}), "horn.negative: unknown attribute axis");
  EXPECT_NE(refusal("reduce_sum", {f32_type({2})}, {{"axes", int64_t{0}}}), "");
  EXPECT_NE(refusal("negative", {{DType::string, {2}}}), "");
  EXPECT_NE(refusal("cast", {f32_type({2})}, {{"dtype", DType::string}}), "");
}

TEST(Infer, Shapes) {
  EXPECT_EQ(inferred("iota", {}, {{"shape", List{2, 3}}, {"axis", int64_t{1}}, {"dtype", DType::int32}}),
            Shape({2, 3}));
  EXPECT_EQ(inferred("broadcast", {f32_type({3, 1})}, {{"shape", List{3, 2, 4}}, {"axes", List{0, 2}}}),
            Shape({3, 2, 4}));
  EXPECT_EQ(inferred("broadcast", {f32_type({kUnknown})}, {{"shape", List{kUnknown, 4}}, {"axes", List{0}}}),
            Shape({kUnknown, 4}));
  EXPECT_EQ(inferred("reshape", {f32_type({kUnknown, 28, 28})}, {{"shape", List{-1, 784}}}), Shape({kUnknown, 784}));
  EXPECT_EQ(inferred("reshape", {f32_type({2, 6})}, {{"shape", List{3, -1}}}), Shape({3, 4}));
  EXPECT_EQ(inferred("transpose", {f32_type({2, kUnknown, 4})}, {{"permutation", List{2, 0, 1}}}),
            Shape({4, 2, kUnknown}));
  EXPECT_EQ(inferred("concat", {f32_type({kUnknown, 3}), f32_type({2, 4})}, {{"axis", int64_t{1}}}), Shape({2, 7}));
  EXPECT_EQ(inferred("concat", {f32_type({kUnknown}), f32_type({2})}, {{"axis", int64_t{0}}}), Shape({kUnknown}));
  EXPECT_EQ(inferred("slice", {f32_type({7})}, {{"start", List{1}}, {"limit", List{6}}, {"strides", List{2}}}),
            Shape({3}));
  EXPECT_EQ(inferred("slice", {f32_type({kUnknown})}, {{"start", List{1}}, {"limit", List{-1}}, {"strides", List{1}}}),
            Shape({kUnknown}));
  EXPECT_EQ(inferred("pad", {f32_type({2, kUnknown}), f32_type({})}, {{"low", List{1, 0}}, {"high", List{2, 1}}}),
            Shape({5, kUnknown}));
  EXPECT_EQ(inferred("take", {f32_type({5, 6, 7}), i32_type({2, kUnknown})}, {{"axis", int64_t{1}}}),
            Shape({5, 2, kUnknown, 7}));
  EXPECT_EQ(inferred("random_uniform", {{DType::uint32, {2}}}, {{"shape", List{3, 4}}}), Shape({3, 4}));
}

TEST(Infer, ShapesRefuse) {
  EXPECT_THAT(refusal("broadcast", {f32_type({3})}, {{"shape", List{2, 4}}, {"axes", List{1}}}),
              HasSubstr("shapes do not broadcast. Received: x.shape=(3,), shape=(2, 4)"));
  EXPECT_THAT(refusal("broadcast", {f32_type({3, 4})}, {{"shape", List{4, 3}}, {"axes", List{1, 0}}}),
              HasSubstr("increasing"));
  EXPECT_EQ(refusal("reshape", {f32_type({2, 3})}, {{"shape", List{4}}}),
            "horn.reshape: the total size must be unchanged. Received: x.shape=(2, 3), shape=(4,)");
  EXPECT_THAT(refusal("reshape", {f32_type({2, 3})}, {{"shape", List{4, -1}}}), HasSubstr("total size"));
  EXPECT_THAT(refusal("transpose", {f32_type({2, 3})}, {{"permutation", List{0}}}), HasSubstr("must name every axis"));
  EXPECT_THAT(refusal("transpose", {f32_type({2, 3})}, {{"permutation", List{0, 0}}}), HasSubstr("must not repeat"));
  EXPECT_THAT(refusal("concat", {f32_type({2, 3}), f32_type({3, 3})}, {{"axis", int64_t{1}}}),
              HasSubstr("shapes (2, 3), (3, 3)"));
  EXPECT_THAT(refusal("concat", {}, {{"axis", int64_t{0}}}), HasSubstr("at least one input"));
  EXPECT_THAT(refusal("slice", {f32_type({3})}, {{"start", List{0}}, {"limit", List{4}}, {"strides", List{1}}}),
              HasSubstr("limit=(4,)"));
  EXPECT_THAT(refusal("pad", {f32_type({3}), f32_type({})}, {{"low", List{-1}}, {"high", List{0}}}),
              HasSubstr("must not be negative"));
  EXPECT_THAT(refusal("pad", {f32_type({3}), f32_type({1})}, {{"low", List{1}}, {"high", List{0}}}),
              HasSubstr("must be a scalar"));
  EXPECT_THAT(refusal("take", {f32_type({3}), f32_type({1})}, {{"axis", int64_t{0}}}), HasSubstr("an integer dtype"));
  EXPECT_THAT(refusal("take", {f32_type({0}), i32_type({1})}, {{"axis", int64_t{0}}}), HasSubstr("must not be empty"));
  EXPECT_THAT(refusal("random_uniform", {i32_type({2})}, {{"shape", List{3}}}),
              HasSubstr("uint32 tensor of shape (2,)"));
}

TEST(Infer, SizesBeyondInt64AreRefused) {
  constexpr int64_t kHuge = INT64_MAX;
  EXPECT_THAT(refusal("pad", {f32_type({3}), f32_type({})}, {{"low", List{kHuge}}, {"high", List{1}}}),
              HasSubstr("larger than any memory"));
  EXPECT_THAT(refusal("reshape", {f32_type({2})}, {{"shape", List{kHuge, kHuge}}}), HasSubstr("total size"));
  EXPECT_THAT(refusal("conv", {f32_type({1, 9, 1}), f32_type({3, 1, 1})},
                      {{"strides", List{1}}, {"padding", List{0, 0}}, {"dilation", List{kHuge}}, {"groups", int64_t{1}}}),
              HasSubstr("no elements"));
}

TEST(Infer, Reductions) {
  EXPECT_EQ(inferred("reduce_sum", {f32_type({2, kUnknown, 4})}, {{"axes", List{0, 2}}}), Shape({kUnknown}));
  EXPECT_EQ(inferred("reduce_max", {{DType::boolean, {2, 3}}}, {{"axes", List{1}}}), Shape({2}));
  EXPECT_EQ(must(infer("argmax", std::vector<Type>{f32_type({2, 3})}, {{"axis", int64_t{1}}}))[0], i32_type({2}));
  EXPECT_EQ(inferred("logsumexp", {f32_type({2, 3})}, {{"axes", List{0, 1}}}), Shape({}));
  EXPECT_EQ(refusal("reduce_sum", {f32_type({2, 3})}, {{"axes", List{2}}}),
            "horn.reduce_sum: axes must be in [0, 2) for a tensor of rank 2. Received: axes=(2,)");
  EXPECT_THAT(refusal("argmax", {f32_type({2, 3})}, {{"axis", int64_t{-1}}}), HasSubstr("axis must be in [0, 2)"));
  EXPECT_THAT(refusal("softmax", {f32_type({2, 3})}, {{"axis", int64_t{2}}}), HasSubstr("axis must be in [0, 2)"));
}

Attrs dot_axes(List lhs, List rhs, List lhs_batch = {}, List rhs_batch = {}) {
  return {{"lhs_contract", lhs}, {"rhs_contract", rhs}, {"lhs_batch", lhs_batch}, {"rhs_batch", rhs_batch}};
}

TEST(Infer, Dot) {
  EXPECT_EQ(inferred("dot", {f32_type({kUnknown, 3}), f32_type({3, 4})}, dot_axes({1}, {0})), Shape({kUnknown, 4}));
  EXPECT_EQ(inferred("dot", {f32_type({5, 2, 3}), f32_type({3, 5, 4})}, dot_axes({2}, {0}, {0}, {1})),
            Shape({5, 2, 4}));
  EXPECT_EQ(
      refusal("dot", {f32_type({2, 3}), f32_type({4, 5})}, dot_axes({1}, {0})),
      "horn.dot: axis 1 of lhs and axis 0 of rhs must have equal sizes. Received: lhs.shape=(2, 3), rhs.shape=(4, 5)");
  EXPECT_THAT(refusal("dot", {f32_type({2, 3}), f32_type({3, 5})}, dot_axes({1}, {})), HasSubstr("as many contracted"));
  EXPECT_THAT(refusal("dot", {f32_type({2, 3}), f32_type({3, 5})}, dot_axes({1}, {2})), HasSubstr("[0, 2)"));
}

Attrs conv_options(List strides, List padding, List dilation, int64_t groups) {
  return {{"strides", strides}, {"padding", padding}, {"dilation", dilation}, {"groups", groups}};
}
Attrs pool_options(List window, List strides, List padding) {
  return {{"window", window}, {"strides", strides}, {"padding", padding}};
}

TEST(Infer, Convolution) {
  Attrs options = conv_options({2, 1}, {1, 1, 0, 2}, {1, 2}, 2);
  EXPECT_EQ(inferred("conv", {f32_type({kUnknown, 7, 9, 4}), f32_type({3, 3, 2, 6})}, options),
            Shape({kUnknown, 4, 7, 6}));
  EXPECT_EQ(inferred("conv", {f32_type({2, kUnknown, 3}), f32_type({3, 3, 5})}, conv_options({1}, {0, 0}, {1}, 1)),
            Shape({2, kUnknown, 5}));
  EXPECT_THAT(refusal("conv", {f32_type({2, 7, 9, 3}), f32_type({3, 3, 2, 6})}, options),
              HasSubstr("groups times the kernel's"));
  EXPECT_THAT(refusal("conv", {f32_type({2, 2, 9, 4}), f32_type({7, 3, 2, 6})}, options),
              HasSubstr("the output would have no elements"));
  EXPECT_THAT(refusal("conv", {f32_type({2, 4}), f32_type({3, 3})}, options), HasSubstr("of equal rank"));
  EXPECT_THAT(
      refusal("conv", {f32_type({2, 7, 9, 4}), f32_type({3, 3, 2, 6})}, conv_options({0, 1}, {0, 0, 0, 0}, {1, 1}, 2)),
      HasSubstr("strides and dilation must be positive"));
  Attrs backward = options;
  backward.push_back({"input_shape", List{2, 7, 9, 4}});
  EXPECT_EQ(inferred("conv_backward_data", {f32_type({2, 4, 7, 6}), f32_type({3, 3, 2, 6})}, backward),
            Shape({2, 7, 9, 4}));
  EXPECT_THAT(refusal("conv_backward_data", {f32_type({2, 4, 6, 6}), f32_type({3, 3, 2, 6})}, backward),
              HasSubstr("dy must have the convolution's shape (2, 4, 7, 6). Received: dy.shape=(2, 4, 6, 6)"));
  backward.back() = {"kernel_shape", List{3, 3, 2, 6}};
  EXPECT_EQ(inferred("conv_backward_kernel", {f32_type({2, 7, 9, 4}), f32_type({2, 4, 7, 6})}, backward),
            Shape({3, 3, 2, 6}));
}

TEST(Infer, Pooling) {
  EXPECT_EQ(inferred("max_pool", {f32_type({kUnknown, 28, 28, 3})}, pool_options({2, 2}, {2, 2}, {0, 0, 0, 0})),
            Shape({kUnknown, 14, 14, 3}));
  EXPECT_EQ(inferred("avg_pool", {f32_type({2, 5, 3})}, pool_options({3}, {2}, {1, 1})), Shape({2, 3, 3}));
  EXPECT_THAT(refusal("max_pool", {f32_type({2, 2, 2, 3})}, pool_options({3, 3}, {1, 1}, {0, 0, 0, 0})),
              HasSubstr("no elements"));
  EXPECT_THAT(refusal("avg_pool", {f32_type({2, 5, 3})}, pool_options({2}, {2}, {2, 0})),
              HasSubstr("smaller than the window"));
  EXPECT_THAT(refusal("max_pool_backward", {f32_type({2, 4, 3}), f32_type({2, 3, 3})}, pool_options({2}, {2}, {0, 0})),
              HasSubstr("pooled shape (2, 2, 3)"));
}

TEST(Infer, CrossEntropies) {
  EXPECT_EQ(inferred("sparse_softmax_cross_entropy", {f32_type({kUnknown, 10}), i32_type({32})}), Shape({32}));
  EXPECT_EQ(inferred("softmax_cross_entropy", {f32_type({2, 3, 10}), f32_type({2, 3, 10})}), Shape({2, 3}));
  EXPECT_EQ(refusal("sparse_softmax_cross_entropy", {f32_type({2, 10}), i32_type({2, 1})}),
            "horn.sparse_softmax_cross_entropy: labels must have the shape of logits without its last axis. Received: "
            "logits.shape=(2, 10), labels.shape=(2, 1)");
  EXPECT_THAT(refusal("softmax_cross_entropy", {f32_type({2, 10}), f32_type({2, 9})}), HasSubstr("equal shapes"));
}

}  // namespace
}  // namespace hornbeam::ir::testing
