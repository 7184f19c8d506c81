// take and take_backward, compiled: gathers fused with what surrounds them, and sums at places, on any number of
// threads.
#include <gtest/gtest.h>

#include "compiled_support.h"

namespace hornbeam::test {
namespace {

using Values = std::vector<ir::Value>;
using List = std::vector<int64_t>;

ir::Value op(ir::Builder& b, const char* name, const Values& operands, const ir::Attrs& attrs = {}) {
  absl::StatusOr<ir::Value> value = b.create_one(name, operands, attrs);
  if (!value.ok()) throw Error(std::string(value.status().message()));
  return *value;
}
ir::Type f32(Shape shape) { return {DType::float32, std::move(shape)}; }

struct Case {
  const char* name;
  Function function;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

ir::Value sum_of_squares(ir::Builder& b, ir::Value x) {
  List axes;
  for (int64_t i = 0; i < x.type().shape.rank(); ++i) axes.push_back(i);
  return op(b, "reduce_sum", {op(b, "multiply", {x, x})}, {{"axes", axes}});
}
Values gradient(ir::Builder& b, const Values& wrt, const std::function<ir::Value()>& loss) {
  b.begin_gradient();
  ir::Value value = loss();
  auto result = b.end_gradient(value, wrt, {});
  if (!result.ok()) throw Error(std::string(result.status().message()));
  Values out{result->value};
  out.insert(out.end(), result->grads.begin(), result->grads.end());
  return out;
}

std::vector<Case> cases() {
  std::vector<Case> all;
  auto add = [&](const char* name, std::vector<ir::Type> arguments, auto body) {
    all.push_back({name, {std::move(arguments), body}});
  };
  struct Taken {
    Shape x, indices;
    int64_t axis;
  };
  for (const Taken& t :
       {Taken{{50, 33}, {4, 7}, 0}, Taken{{5, 16}, {9}, 0}, Taken{{3, 6, 5}, {2, 2}, 1}, Taken{{4, 9}, {3}, 1},
        Taken{{4, 9}, {}, 1}, Taken{{7}, {20}, 0}, Taken{{2, 3, 8, 4}, {5}, 2}}) {
    for (DType dtype : {DType::int32, DType::int64, DType::uint8, DType::int8})
      add("rows by number", {f32(t.x), {dtype, t.indices}}, [axis = t.axis](ir::Builder& b, const Values& a) -> Values {
        ir::Value y = op(b, "take", {a[0], a[1]}, {{"axis", axis}});
        return {y, op(b, "tanh", {y})};
      });
    add("gradient", {f32(t.x), {DType::int32, t.indices}}, [axis = t.axis](ir::Builder& b, const Values& a) -> Values {
      return gradient(b, {a[0]}, [&] { return sum_of_squares(b, op(b, "take", {a[0], a[1]}, {{"axis", axis}})); });
    });
  }
  for (DType dtype : {DType::boolean, DType::int16, DType::uint32, DType::float64})
    add("rows of any type", {{dtype, {9, 18}}, {DType::int32, {5}}}, [](ir::Builder& b, const Values& a) -> Values {
      return {op(b, "take", {a[0], a[1]}, {{"axis", int64_t{0}}})};
    });
  for (DType dtype : {DType::float16, DType::bfloat16})
    add("rows of half precision", {{dtype, {9, 18}}, {DType::int32, {40}}},
        [](ir::Builder& b, const Values& a) -> Values {
          ir::Value y = op(b, "take", {a[0], a[1]}, {{"axis", int64_t{0}}});
          return {y, op(b, "take_backward", {a[1], y}, {{"axis", int64_t{0}}, {"input_shape", List{9, 18}}})};
        });
  add("an index that is computed where it is used", {f32({16}), {DType::int32, {16}}, f32({16})},
      [](ir::Builder& b, const Values& a) -> Values {
        ir::Value index = op(b, "multiply", {a[1], a[1]});
        ir::Value y = op(b, "take", {a[0], index}, {{"axis", int64_t{0}}});
        return {op(b, "add", {y, a[2]}), index};
      });
  add("a table that is computed first, of the indices' own shape", {f32({16}), {DType::int32, {16}}},
      [](ir::Builder& b, const Values& a) -> Values {
        ir::Value table = op(b, "exp", {a[0]});
        return {op(b, "add", {op(b, "take", {table, a[1]}, {{"axis", int64_t{0}}}), table})};
      });
  add("a table that only moves", {f32({6, 4}), {DType::int32, {3}}}, [](ir::Builder& b, const Values& a) -> Values {
    ir::Value turned = op(b, "transpose", {a[0]}, {{"permutation", List{1, 0}}});
    ir::Value row = op(b, "iota", {}, {{"shape", List{4, 6}}, {"axis", int64_t{1}}, {"dtype", DType::float32}});
    return {op(b, "take", {turned, a[1]}, {{"axis", int64_t{0}}}), op(b, "take", {row, a[1]}, {{"axis", int64_t{1}}})};
  });
  add("the mean of a sentence's rows", {f32({30, 20}), {DType::int32, {4, 9}}},
      [](ir::Builder& b, const Values& a) -> Values {
        ir::Value y = op(b, "take", {a[0], a[1]}, {{"axis", int64_t{0}}});
        return {op(b, "reduce_sum", {op(b, "multiply", {y, y})}, {{"axes", List{1}}}),
                op(b, "reduce_sum", {y}, {{"axes", List{2}}})};
      });
  add("rows of a transpose of indices, then a product", {f32({30, 20}), {DType::int32, {4, 9}}, f32({20, 8})},
      [](ir::Builder& b, const Values& a) -> Values {
        ir::Value turned = op(b, "transpose", {a[1]}, {{"permutation", List{1, 0}}});
        ir::Value y = op(b, "take", {a[0], turned}, {{"axis", int64_t{0}}});
        return gradient(b, {a[0], a[2]}, [&] {
          ir::Value z = op(b, "take", {a[0], turned}, {{"axis", int64_t{0}}});
          return sum_of_squares(
              b,
              op(b, "dot", {z, a[2]},
                 {{"lhs_contract", List{2}}, {"rhs_contract", List{0}}, {"lhs_batch", List{}}, {"rhs_batch", List{}}}));
        });
      });
  add("a step of gradient descent on a table", {f32({40, 24}), {DType::int32, {64}}},
      [](ir::Builder& b, const Values& a) -> Values {
        Values g = gradient(b, {a[0]}, [&] {
          return sum_of_squares(b, op(b, "take", {a[0], a[1]}, {{"axis", int64_t{0}}}));
        });
        return {op(b, "subtract", {a[0], g[1]})};
      });
  return all;
}

class Indexed : public ::testing::TestWithParam<Case> {};

TEST_P(Indexed, EqualsTheReference) {
  for (int threads : {1, 2, 3})
    for (uint32_t seed : {1u, 2u}) {
      bool half = std::string(GetParam().name).find("half") != std::string::npos;
      double tolerance = half ? 1e-2 : 2e-5;
      EXPECT_EQ(check(GetParam().function, seed, threads, tolerance, tolerance), "") << threads << " threads";
    }
}

TEST_P(Indexed, HasTheSameBitsOnAnyNumberOfThreads) {
  std::vector<Array> arguments = random_arguments(GetParam().function.arguments, 3);
  auto one = run_compiled(GetParam().function, arguments, 1), three = run_compiled(GetParam().function, arguments, 3);
  ASSERT_TRUE(one.ok() && three.ok()) << one.status() << three.status();
  for (size_t i = 0; i < one->size(); ++i)
    EXPECT_EQ(difference({(*one)[i]}, {(*three)[i]}, 0, 0), "") << "result " << i;
}

INSTANTIATE_TEST_SUITE_P(Take, Indexed, ::testing::ValuesIn(cases()));

}  // namespace
}  // namespace hornbeam::test
