// Functions with loops and branches: one list for their gradients, and for what is compiled of them.
#pragma once

#include "ir_test.h"

namespace hornbeam::ir::testing {

using Values = std::vector<Value>;

struct ControlCase {
  std::string name;
  std::vector<Type> operands;
  std::function<Values(Builder&, const Values&)> body;  // at least one float result
};

inline Value op(Builder& b, const char* name, Values operands, const Attrs& attrs = {}) {
  return must(b.create_one(name, operands, attrs));
}
inline Value product(Builder& b, Value x, Value w) {
  return op(b, "dot", {x, w},
            {{"lhs_contract", List{x.type().shape.rank() - 1}},
             {"rhs_contract", List{0}},
             {"lhs_batch", List{}},
             {"rhs_batch", List{}}});
}
inline Value along(Builder& b, Value bias, const Shape& shape) {
  return op(b, "broadcast", {bias}, {{"shape", shape.dims()}, {"axes", List{shape.rank() - 1}}});
}
inline Value column(Builder& b, Value x, int64_t first, int64_t end) {
  return op(b, "slice", {x},
            {{"start", List{0, first}}, {"limit", List{x.type().shape[0], end}}, {"strides", List{1, 1}}});
}
inline std::vector<Type> types_of(const Values& values) {
  std::vector<Type> types;
  for (Value value : values) types.push_back(value.type());
  return types;
}
inline Type slice_of(Value xs) {
  Type type = xs.type();
  type.shape = Shape(std::vector<int64_t>(type.shape.begin() + 1, type.shape.end()));
  return type;
}
// A scan whose body is a function of (carried values, slices) that returns new carried values, then outputs.
inline Values scan(Builder& b, const Values& init, const Values& xs, int64_t length, bool reverse,
                   const std::function<Values(const Values&, const Values&)>& body) {
  std::vector<Type> types = types_of(init);
  for (Value x : xs) types.push_back(slice_of(x));
  Values arguments = b.begin_body(types);
  b.end_body(body(Values(arguments.begin(), arguments.begin() + init.size()),
                  Values(arguments.begin() + init.size(), arguments.end())));
  return must(b.scan(init, xs, length, reverse));
}

inline std::vector<ControlCase> control_cases() {
  constexpr DType f = DType::float64;
  std::vector<ControlCase> cases;
  auto simple_rnn = [](bool reverse) {
    return [reverse](Builder& b, const Values& a) {
      return scan(b, {a[0]}, {a[1]}, a[1].type().shape[0], reverse, [&](const Values& c, const Values& x) {
        Value z = op(b, "add", {x[0], product(b, c[0], a[2])});
        Value h = op(b, "tanh", {op(b, "add", {z, along(b, a[3], z.type().shape)})});
        return Values{h, h};
      });
    };
  };
  std::vector<Type> rnn{{f, {2, 3}}, {f, {4, 2, 3}}, {f, {3, 3}}, {f, {3}}};
  cases.push_back({"simple_rnn", rnn, simple_rnn(false)});
  cases.push_back({"simple_rnn_reversed", rnn, simple_rnn(true)});

  cases.push_back({"lstm", {{f, {2, 3}}, {f, {2, 3}}, {f, {5, 2, 12}}, {f, {3, 12}}}, [](Builder& b, const Values& a) {
                     return scan(b, {a[0], a[1]}, {a[2]}, 5, false, [&](const Values& c, const Values& x) {
                       Value z = op(b, "add", {x[0], product(b, c[0], a[3])});
                       Value i = op(b, "sigmoid", {column(b, z, 0, 3)}),
                             forget = op(b, "sigmoid", {column(b, z, 3, 6)});
                       Value g = op(b, "tanh", {column(b, z, 6, 9)}), o = op(b, "sigmoid", {column(b, z, 9, 12)});
                       Value state = op(b, "add", {op(b, "multiply", {forget, c[1]}), op(b, "multiply", {i, g})});
                       Value h = op(b, "multiply", {o, op(b, "tanh", {state})});
                       return Values{h, state, h};
                     });
                   }});
  // Only the last carried value, with what the steps do not change taken out.
  cases.push_back({"cumulative_product", {{f, {3}}, {f, {3}}}, [](Builder& b, const Values& a) {
                     return scan(b, {a[0]}, {}, 4, false, [&](const Values& c, const Values&) {
                       return Values{op(b, "multiply", {c[0], op(b, "sin", {a[1]})})};
                     });
                   }});
  cases.push_back({"carries_change_places", {{f, {2}}, {f, {2}}, {f, {3, 2}}}, [](Builder& b, const Values& a) {
                     return scan(b, {a[0], a[1]}, {a[2]}, 3, false, [&](const Values& c, const Values& x) {
                       return Values{c[1], op(b, "multiply", {c[0], x[0]})};
                     });
                   }});
  // Outputs that are not computed: a slice, a carried value, a constant, one value twice, and turned round.
  cases.push_back({"outputs_as_they_come", {{f, {2, 3}}, {f, {4, 2, 3}}}, [](Builder& b, const Values& a) {
                     return scan(b, {a[0]}, {a[1]}, 4, true, [&](const Values& c, const Values& x) {
                       Value sum = op(b, "add", {c[0], x[0]});
                       Value turned = op(b, "transpose", {sum}, {{"permutation", List{1, 0}}});
                       Value one = op(b, "broadcast", {b.constant(Array::scalar(1.0).cast(sum.type().dtype))},
                                      {{"shape", List{2}}, {"axes", List{}}});
                       return Values{sum, sum, x[0], c[0], one, sum, turned};
                     });
                   }});
  // A mask keeps the carried value; an integer counts the steps that were not masked.
  cases.push_back({"masked", {{f, {2, 2}}, {f, {3, 2, 2}}, {DType::boolean, {3, 2}}}, [](Builder& b, const Values& a) {
                     Value zero = b.constant(Array::scalar(int32_t{0}));
                     Values out = scan(b, {a[0], zero}, {a[1], a[2]}, 3, false, [&](const Values& c, const Values& x) {
                       Value keep = op(b, "broadcast", {x[1]}, {{"shape", List{2, 2}}, {"axes", List{0}}});
                       Value next = op(b, "exp", {op(b, "multiply", {op(b, "sin", {c[0]}), x[0]})});
                       Value count = op(b, "add", {c[1], b.constant(Array::scalar(int32_t{2}))});
                       Value scaled =
                           op(b, "multiply",
                              {next, op(b, "broadcast", {op(b, "cast", {count}, {{"dtype", next.type().dtype}})},
                                        {{"shape", List{2, 2}}, {"axes", List{}}})});
                       return Values{op(b, "select", {keep, scaled, c[0]}), count, next};
                     });
                     return out;
                   }});
  // A weight's gradient that is no product is added up step by step.
  cases.push_back(
      {"elementwise_weight", {{f, {2, 3}}, {f, {3, 2, 3}}, {f, {2, 3}}, {f, {3}}}, [](Builder& b, const Values& a) {
         return scan(b, {a[0]}, {a[1]}, 3, false, [&](const Values& c, const Values& x) {
           Value y = op(b, "multiply", {op(b, "add", {c[0], x[0]}), op(b, "sin", {a[2]})});
           Value z = op(b, "softmax", {op(b, "multiply", {y, along(b, a[3], Shape{2, 3})})}, {{"axis", int64_t{1}}});
           return Values{z, op(b, "reduce_max", {z}, {{"axes", List{1}}})};
         });
       }});
  cases.push_back({"scan_in_scan", {{f, {2}}, {f, {3, 4, 2}}, {f, {2, 2}}}, [](Builder& b, const Values& a) {
                     return scan(b, {a[0]}, {a[1]}, 3, false, [&](const Values& c, const Values& x) {
                       Values inner = scan(b, {c[0]}, {x[0]}, 4, true, [&](const Values& d, const Values& y) {
                         Value row = op(b, "reshape", {op(b, "add", {d[0], y[0]})}, {{"shape", List{1, 2}}});
                         Value h = op(b, "reshape", {op(b, "tanh", {product(b, row, a[2])})}, {{"shape", List{2}}});
                         return Values{h, op(b, "multiply", {h, d[0]})};
                       });
                       return Values{op(b, "sin", {inner[0]}), op(b, "reduce_sum", {inner[1]}, {{"axes", List{0}}})};
                     });
                   }});
  cases.push_back(
      {"convolution", {{f, {2, 5, 2}}, {f, {3, 2, 5, 2}}, {f, {3, 2, 2}}}, [](Builder& b, const Values& a) {
         return scan(b, {a[0]}, {a[1]}, 3, false, [&](const Values& c, const Values& x) {
           Value z = op(b, "conv", {op(b, "add", {c[0], x[0]}), a[2]},
                        {{"strides", List{1}}, {"padding", List{1, 1}}, {"dilation", List{1}}, {"groups", int64_t{1}}});
           return Values{op(b, "tanh", {z})};
         });
       }});
  cases.push_back({"cond", {{f, {3}}, {f, {3}}, {DType::boolean, {}}}, [](Builder& b, const Values& a) {
                     b.begin_body({});
                     b.end_body(Values{op(b, "multiply", {op(b, "sin", {a[0]}), a[1]}), a[1]});
                     b.begin_body({});
                     b.end_body(Values{op(b, "exp", {a[0]}), op(b, "add", {a[1], a[0]})});
                     return must(b.cond(a[2]));
                   }});
  cases.push_back(
      {"cond_in_scan", {{f, {3}}, {f, {4, 3}}}, [](Builder& b, const Values& a) {
         return scan(b, {a[0]}, {a[1]}, 4, false, [&](const Values& c, const Values& x) {
           Value total = op(b, "reduce_sum", {x[0]}, {{"axes", List{0}}});
           Value positive = op(b, "greater", {total, b.constant(Array::scalar(0.0).cast(total.type().dtype))});
           b.begin_body({});
           b.end_body(Values{op(b, "tanh", {op(b, "multiply", {c[0], x[0]})})});
           b.begin_body({});
           b.end_body(Values{op(b, "add", {c[0], x[0]})});
           Value h = must(b.cond(positive))[0];
           return Values{h, h};
         });
       }});
  return cases;
}

}  // namespace hornbeam::ir::testing
