// What is compiled equals the reference evaluator: every kind of kernel, at shapes with and without tails, on one
// thread and on two.
#include <gtest/gtest.h>

#include "compiled_support.h"

namespace hornbeam::test {
namespace {

using Values = std::vector<ir::Value>;

ir::Value op(ir::Builder& b, const char* name, const Values& operands, const ir::Attrs& attrs = {}) {
  absl::StatusOr<ir::Value> value = b.create_one(name, operands, attrs);
  if (!value.ok()) throw Error(std::string(value.status().message()));
  return *value;
}
ir::Type f32(Shape shape) { return {DType::float32, std::move(shape)}; }
using List = std::vector<int64_t>;

struct Case {
  const char* name;
  Function function;
};

Values gradient(ir::Builder& b, const Values& wrt, const std::function<ir::Value()>& loss) {
  b.begin_gradient();
  ir::Value value = loss();
  auto result = b.end_gradient(value, wrt, {});
  if (!result.ok()) throw Error(std::string(result.status().message()));
  Values out{result->value};
  out.insert(out.end(), result->grads.begin(), result->grads.end());
  return out;
}
ir::Value sum_of_squares(ir::Builder& b, ir::Value x) {
  List axes;
  for (int64_t i = 0; i < x.type().shape.rank(); ++i) axes.push_back(i);
  return op(b, "reduce_sum", {op(b, "multiply", {x, x})}, {{"axes", axes}});
}
ir::Attrs dot(List lhs, List rhs, List lhs_batch = {}, List rhs_batch = {}) {
  return {{"lhs_contract", lhs}, {"rhs_contract", rhs}, {"lhs_batch", lhs_batch}, {"rhs_batch", rhs_batch}};
}

std::vector<Case> cases() {
  std::vector<Case> all;
  auto add = [&](const char* name, std::vector<ir::Type> arguments, auto body) {
    all.push_back({name, {std::move(arguments), body}});
  };
  for (Shape shape : {Shape{}, Shape{1}, Shape{7}, Shape{16}, Shape{3, 5}, Shape{33, 100}, Shape{2, 3, 4, 5}})
    add("elementwise", {f32(shape), f32(shape)}, [](ir::Builder& b, const Values& a) -> Values {
      return {op(b, "add", {op(b, "tanh", {a[0]}), a[1]}), op(b, "greater", {a[0], a[1]}),
              op(b, "relu", {op(b, "multiply", {a[0], a[1]})})};
    });
  add("broadcast and transpose", {f32({17}), f32({9, 17}), f32({17, 9})},
      [](ir::Builder& b, const Values& a) -> Values {
        ir::Value row = op(b, "broadcast", {a[0]}, {{"shape", List{9, 17}}, {"axes", List{1}}});
        ir::Value turned = op(b, "transpose", {a[2]}, {{"permutation", List{1, 0}}});
        return {op(b, "add", {row, op(b, "multiply", {a[1], turned})}), turned};
      });
  add("slice, reverse, pad, concat", {f32({6, 20}), f32({6, 3})}, [](ir::Builder& b, const Values& a) -> Values {
    ir::Value part = op(b, "slice", {a[0]}, {{"start", List{1, 2}}, {"limit", List{6, 20}}, {"strides", List{2, 3}}});
    ir::Value back = op(b, "reverse", {a[0]}, {{"axes", List{0, 1}}});
    ir::Value wide =
        op(b, "pad", {a[1], b.constant(Array::scalar(2.5f))}, {{"low", List{1, 0}}, {"high", List{0, 18}}});
    return {part, back, wide, op(b, "concat", {back, a[1], a[0]}, {{"axis", int64_t{1}}})};
  });
  for (auto [shape, axes] : std::vector<std::pair<Shape, List>>{{{5}, {0}},
                                                                {{40, 33}, {0}},
                                                                {{40, 33}, {1}},
                                                                {{40, 33}, {0, 1}},
                                                                {{4, 5, 6}, {1}},
                                                                {{4, 5, 60}, {0, 2}},
                                                                {{300, 70}, {0}},
                                                                {{3, 9000}, {1}},
                                                                {{2, 7, 7, 24}, {0, 1, 2}},
                                                                {{6, 1}, {1}},
                                                                {{1, 6}, {0}},
                                                                {{3, 600, 20}, {0, 1}}})
    add("reduce", {f32(shape)}, [axes = axes](ir::Builder& b, const Values& a) -> Values {
      ir::Value doubled = op(b, "multiply", {a[0], a[0]});
      ir::Value sum = op(b, "reduce_sum", {doubled}, {{"axes", axes}});
      return {sum, op(b, "reduce_max", {a[0]}, {{"axes", axes}}),
              op(b, "reduce_min", {op(b, "tanh", {a[0]})}, {{"axes", axes}}), op(b, "sqrt", {sum})};
    });
  for (int64_t axis : {0, 1})
    add("arg", {f32({13, 21}), {DType::int32, {13, 21}}}, [axis](ir::Builder& b, const Values& a) -> Values {
      ir::Value nan = op(
          b, "log", {op(b, "subtract", {a[0], b.constant(Array(DType::float32, {13, 21}))})});  // of the negative ones
      return {op(b, "argmax", {nan}, {{"axis", axis}}), op(b, "argmin", {nan}, {{"axis", axis}}),
              op(b, "argmax", {a[0]}, {{"axis", axis}}), op(b, "argmin", {a[0]}, {{"axis", axis}}),
              op(b, "argmax", {a[1]}, {{"axis", axis}})};
    });
  for (auto [m, k, n] : std::vector<std::array<int64_t, 3>>{
           {32, 784, 128}, {5, 3, 7}, {1, 20, 30}, {30, 20, 1}, {9, 1, 11}, {64, 33, 10}, {17, 40, 50}})
    add("dense with gradients", {f32({m, k}), f32({k, n}), f32({n})},
        [m = m, n = n](ir::Builder& b, const Values& a) -> Values {
          return gradient(b, a, [&] {
            ir::Value y = op(b, "dot", {a[0], a[1]}, dot({1}, {0}));
            y = op(b, "add", {y, op(b, "broadcast", {a[2]}, {{"shape", List{m, n}}, {"axes", List{1}}})});
            return op(b, "reduce_sum",
                      {op(b, "tanh",
                          {op(b, "multiply",
                              {op(b, "relu", {y}),
                               b.constant(Array::of<float>({m, n}, std::vector<float>(m * n, 0.01f)))})})},
                      {{"axes", List{0, 1}}});
          });
        });
  add("batched dots", {f32({3, 5, 20}), f32({3, 20, 40}), f32({2, 3, 4, 8}), f32({2, 3, 6, 8})},
      [](ir::Builder& b, const Values& a) -> Values {
        return {op(b, "dot", {a[0], a[1]}, dot({2}, {1}, {0}, {0})),
                op(b, "dot", {a[2], a[3]}, dot({3}, {3}, {0, 1}, {0, 1})),
                op(b, "dot", {a[0], a[1]}, dot({2, 0}, {1, 0}))};
      });
  struct Conv {
    Shape x, kernel;
    List strides, padding, dilation;
    int64_t groups;
  };
  for (const Conv& c : std::vector<Conv>{{{2, 9, 9, 1}, {3, 3, 1, 32}, {1, 1}, {0, 0, 0, 0}, {1, 1}, 1},
                                         {{2, 8, 7, 3}, {3, 2, 3, 5}, {1, 1}, {1, 1, 0, 1}, {1, 1}, 1},
                                         {{3, 9, 8, 16}, {3, 3, 16, 40}, {2, 2}, {1, 1, 0, 1}, {1, 1}, 1},
                                         {{1, 9, 9, 4}, {2, 2, 4, 6}, {1, 1}, {0, 0, 0, 0}, {2, 2}, 1},
                                         {{2, 6, 6, 8}, {3, 3, 2, 12}, {1, 1}, {1, 1, 1, 1}, {1, 1}, 4},
                                         {{2, 11, 5}, {3, 5, 7}, {2}, {1, 1}, {1}, 1},
                                         {{2, 13, 13, 32}, {3, 3, 32, 64}, {1, 1}, {0, 0, 0, 0}, {1, 1}, 1}}) {
    add("conv with gradients", {f32(c.x), f32(c.kernel)}, [c](ir::Builder& b, const Values& a) -> Values {
      return gradient(b, a, [&] {
        ir::Value y =
            op(b, "conv", {a[0], a[1]},
               {{"strides", c.strides}, {"padding", c.padding}, {"dilation", c.dilation}, {"groups", c.groups}});
        List axes;
        for (int64_t i = 0; i < y.type().shape.rank(); ++i) axes.push_back(i);
        return op(b, "reduce_sum", {op(b, "tanh", {y})}, {{"axes", axes}});
      });
    });
  }
  struct Pool {
    Shape x;
    List window, strides, padding;
  };
  for (const Pool& p : std::vector<Pool>{{{2, 8, 8, 32}, {2, 2}, {2, 2}, {0, 0, 0, 0}},
                                         {{2, 9, 7, 5}, {2, 2}, {2, 2}, {0, 0, 0, 0}},
                                         {{2, 9, 9, 3}, {3, 3}, {2, 2}, {0, 0, 0, 0}},
                                         {{1, 9, 9, 3}, {3, 2}, {2, 2}, {1, 1, 0, 1}},
                                         {{2, 10, 3}, {2}, {3}, {0, 0}},
                                         {{2, 11, 3}, {2}, {3}, {0, 0}}})
    for (const char* kind : {"max_pool", "avg_pool"})
      add(kind, {f32(p.x)}, [p, kind](ir::Builder& b, const Values& a) -> Values {
        return gradient(b, a, [&] {
          return sum_of_squares(b, op(b, kind, {op(b, "relu", {a[0]})},
                                      {{"window", p.window}, {"strides", p.strides}, {"padding", p.padding}}));
        });
      });
  add("cross-entropy with gradient", {f32({19, 10}), {DType::uint8, {19}}},
      [](ir::Builder& b, const Values& a) -> Values {
        return gradient(b, {a[0]}, [&] {
          return op(b, "reduce_sum", {op(b, "sparse_softmax_cross_entropy", {a[0], a[1]})}, {{"axes", List{0}}});
        });
      });
  add("softmax", {f32({19, 10}), f32({3, 4, 40})}, [](ir::Builder& b, const Values& a) -> Values {
    return {op(b, "softmax", {a[0]}, {{"axis", int64_t{1}}}), op(b, "log_softmax", {a[1]}, {{"axis", int64_t{1}}}),
            op(b, "logsumexp", {a[1]}, {{"axes", List{1, 2}}})};
  });
  add("random", {{DType::uint32, {2}}}, [](ir::Builder& b, const Values& a) -> Values {
    return {op(b, "random_uniform", {a[0]}, {{"shape", List{5, 37}}})};
  });
  add("casts and iota", {{DType::uint8, {4, 9}}, {DType::int64, {9}}, {DType::boolean, {9}}},
      [](ir::Builder& b, const Values& a) -> Values {
        ir::Value real = op(b, "cast", {a[0]}, {{"dtype", DType::float32}});
        ir::Value count = op(b, "iota", {}, {{"shape", List{4, 9}}, {"axis", int64_t{1}}, {"dtype", DType::float32}});
        return {op(b, "add", {real, count}), op(b, "cast", {a[1]}, {{"dtype", DType::boolean}}),
                op(b, "logical_not", {a[2]}), op(b, "cast", {a[2]}, {{"dtype", DType::int32}})};
      });
  for (DType narrow : {DType::bfloat16, DType::float16})
    add("sums of narrow floats",
        {{narrow, {20, 300}},
         {narrow, {300, 40}},
         {narrow, {2, 9, 9, 8}},
         {narrow, {3, 3, 8, 20}},
         {narrow, {2, 7, 7, 20}}},
        [](ir::Builder& b, const Values& a) -> Values {
          ir::Attrs plain{
              {"strides", List{1, 1}}, {"padding", List{0, 0, 0, 0}}, {"dilation", List{1, 1}}, {"groups", int64_t{1}}};
          ir::Attrs by_kernel = plain;
          by_kernel.push_back({"kernel_shape", List{3, 3, 8, 20}});
          return {op(b, "dot", {a[0], a[1]}, dot({1}, {0})), op(b, "reduce_sum", {a[0]}, {{"axes", List{1}}}),
                  op(b, "reduce_sum", {a[1]}, {{"axes", List{0}}}), op(b, "conv", {a[2], a[3]}, plain),
                  op(b, "conv_backward_kernel", {a[2], a[4]}, by_kernel)};
        });
  return all;
}

class Compiled : public testing::TestWithParam<int> {};

TEST_P(Compiled, EqualsTheReference) {
  int number = 0;
  for (const Case& one : cases()) {
    SCOPED_TRACE(std::string(one.name) + ", case " + std::to_string(number));
    // A narrow result may round the other way: one unit in its last place.
    DType dtype = one.function.arguments[0].dtype;
    double tolerance = dtype == DType::bfloat16 ? 8e-3 : dtype == DType::float16 ? 1e-3 : 1e-4;
    EXPECT_EQ(check(one.function, 11 + static_cast<uint32_t>(number), GetParam(), tolerance, tolerance), "");
    ++number;
  }
}

INSTANTIATE_TEST_SUITE_P(Threads, Compiled, testing::Values(1, 2));

}  // namespace
}  // namespace hornbeam::test
