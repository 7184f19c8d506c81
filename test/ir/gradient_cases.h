// One case or more for every differentiable op: its operands' types and ranges, and attributes.
#pragma once

#include "ir_test.h"

namespace hornbeam::ir::testing {

struct Operand {
  Type type;
  double low = -1, high = 1;
};
struct Case {
  std::string op;
  std::vector<Operand> operands;
  Attrs attrs = {};
  friend void PrintTo(const Case& c, std::ostream* out) { *out << c.op; }
};

inline std::vector<Case> gradient_cases() {
  auto real = [](Shape shape, double low = -1, double high = 1) {
    return Operand{{DType::float64, std::move(shape)}, low, high};
  };
  auto whole = [](Shape shape, double low, double high) {
    return Operand{{DType::int32, std::move(shape)}, low, high};
  };
  auto axis = [](const char* name, int64_t value) { return std::pair<std::string, Attr>(name, value); };
  auto list = [](const char* name, List value) { return std::pair<std::string, Attr>(name, std::move(value)); };
  auto window = [=](List window, List strides, List padding) {
    return Attrs{list("window", window), list("strides", strides), list("padding", padding)};
  };
  auto conv = [=](List strides, List padding, List dilation, int64_t groups) {
    return Attrs{list("strides", strides), list("padding", padding), list("dilation", dilation),
                 axis("groups", groups)};
  };
  auto with = [](Attrs attrs, std::pair<std::string, Attr> more) {
    attrs.push_back(std::move(more));
    return attrs;
  };
  auto dot = [=](List lc, List rc, List lb, List rb) {
    return Attrs{list("lhs_contract", lc), list("rhs_contract", rc), list("lhs_batch", lb), list("rhs_batch", rb)};
  };
  auto slice = [=](List start, List limit, List strides) {
    return Attrs{list("start", start), list("limit", limit), list("strides", strides)};
  };

  std::vector<Case> cases;
  for (const char* op : {"negative", "abs", "sign", "exp", "expm1", "sin", "cos", "tan", "tanh", "atan", "erf", "erfc", "floor", "ceil",
                         "round", "sigmoid", "relu", "stop_gradient"})
    cases.push_back({op, {real({2, 3}, -1.4, 1.4)}});
  for (const char* op : {"log", "log1p", "sqrt", "rsqrt"}) cases.push_back({op, {real({5}, 0.3, 2)}});
  for (const char* op : {"add", "subtract", "multiply", "maximum", "minimum"})
    cases.push_back({op, {real({2, 3}), real({2, 3})}});
  cases.push_back({"divide", {real({4}), real({4}, 0.5, 2)}});
  cases.push_back({"erfinv", {real({5}, -0.9, 0.9)}});
  cases.push_back({"atan2", {real({6}), real({6}, 0.3, 2)}});
  cases.push_back({"atan2", {real({6}, 0.3, 2), real({6})}});
  cases.push_back({"power", {real({4}, 0.3, 2), real({4}, -2, 2)}});
  cases.push_back({"remainder", {real({6}, -5, 5), real({6}, 0.7, 1.9)}});
  cases.push_back({"floor_divide", {real({6}, -5, 5), real({6}, 0.7, 1.9)}});
  cases.push_back({"cast", {real({3})}, {{"dtype", DType::float64}}});
  cases.push_back({"select", {{{DType::boolean, {6}}, 0, 1}, real({6}), real({6})}});

  cases.push_back({"broadcast", {real({2})}, {list("shape", {2, 3}), list("axes", {0})}});
  cases.push_back({"broadcast", {real({2, 1, 3})}, {list("shape", {2, 4, 2, 3}), list("axes", {0, 2, 3})}});
  cases.push_back({"broadcast", {real({})}, {list("shape", {2, 2}), list("axes", {})}});
  cases.push_back({"reshape", {real({2, 6})}, {list("shape", {3, 4})}});
  cases.push_back({"transpose", {real({2, 3, 4})}, {list("permutation", {2, 0, 1})}});
  cases.push_back({"concat", {real({2, 2}), real({2, 3}), real({2, 1})}, {axis("axis", 1)}});
  cases.push_back({"slice", {real({4, 6})}, slice({1, 0}, {3, 6}, {1, 1})});
  cases.push_back({"slice", {real({7, 8})}, slice({1, 2}, {7, 8}, {2, 3})});
  cases.push_back({"slice", {real({7})}, slice({3}, {4}, {2})});
  cases.push_back({"pad", {real({2, 3}), real({})}, {list("low", {1, 0}), list("high", {0, 2})}});
  cases.push_back({"reverse", {real({2, 3})}, {list("axes", {0, 1})}});

  for (const char* op : {"reduce_sum", "reduce_max", "reduce_min", "reduce_prod", "logsumexp"}) {
    cases.push_back({op, {real({2, 3, 2})}, {list("axes", {1})}});
    cases.push_back({op, {real({2, 3, 2})}, {list("axes", {2, 0})}});
    cases.push_back({op, {real({5})}, {list("axes", {0})}});
  }

  cases.push_back({"dot", {real({2, 3}), real({3, 4})}, dot({1}, {0}, {}, {})});
  cases.push_back({"dot", {real({3, 2}), real({4, 3})}, dot({0}, {1}, {}, {})});
  cases.push_back({"dot", {real({5, 2, 3}), real({3, 5, 4})}, dot({2}, {0}, {0}, {1})});
  cases.push_back({"dot", {real({2, 3, 4}), real({4, 5, 3})}, dot({1, 2}, {2, 0}, {}, {})});
  cases.push_back({"dot", {real({2, 2, 3, 2}), real({2, 3, 2, 2})}, dot({2}, {1}, {1, 0}, {0, 3})});
  cases.push_back({"dot", {real({3}), real({2})}, dot({}, {}, {}, {})});

  Attrs conv1 = conv({1}, {1, 0}, {1}, 1), conv2 = conv({2, 1}, {1, 1, 0, 2}, {1, 2}, 2),
        conv3 = conv({1, 1, 2}, {0, 0, 0, 0, 0, 0}, {1, 1, 1}, 1);
  cases.push_back({"conv", {real({2, 4, 2}), real({3, 2, 2})}, conv1});
  cases.push_back({"conv", {real({1, 4, 5, 4}), real({3, 2, 2, 2})}, conv2});
  cases.push_back({"conv", {real({1, 3, 2, 3, 1}), real({2, 2, 2, 1, 2})}, conv3});
  cases.push_back(
      {"conv_backward_data", {real({2, 3, 2}), real({3, 2, 2})}, with(conv1, list("input_shape", {2, 4, 2}))});
  cases.push_back(
      {"conv_backward_data", {real({1, 2, 5, 2}), real({3, 2, 2, 2})}, with(conv2, list("input_shape", {1, 4, 5, 4}))});
  cases.push_back(
      {"conv_backward_kernel", {real({2, 4, 2}), real({2, 3, 2})}, with(conv1, list("kernel_shape", {3, 2, 2}))});
  cases.push_back({"conv_backward_kernel",
                   {real({1, 4, 5, 4}), real({1, 2, 5, 2})},
                   with(conv2, list("kernel_shape", {3, 2, 2, 2}))});

  Attrs pool1 = window({2}, {2}, {0, 0}), pool2 = window({3, 2}, {2, 1}, {1, 1, 0, 1});
  cases.push_back({"max_pool", {real({1, 4, 2})}, pool1});
  cases.push_back({"max_pool", {real({2, 5, 3, 2})}, pool2});
  cases.push_back({"avg_pool", {real({1, 5, 2})}, pool1});
  cases.push_back({"avg_pool", {real({2, 5, 3, 2})}, pool2});
  cases.push_back({"max_pool_backward", {real({2, 5, 3, 2}), real({2, 3, 3, 2})}, pool2});
  cases.push_back({"max_pool_gather", {real({2, 5, 3, 2}), real({2, 5, 3, 2})}, pool2});
  cases.push_back({"avg_pool_backward", {real({2, 3, 3, 2})}, with(pool2, list("input_shape", {2, 5, 3, 2}))});

  cases.push_back({"take", {real({4, 2}), whole({2, 2}, -1, 4)}, {axis("axis", 0)}});
  cases.push_back({"take", {real({2, 3}), whole({}, 0, 2)}, {axis("axis", 1)}});
  cases.push_back({"take_backward", {whole({3}, 0, 3), real({2, 3})}, {axis("axis", 1), list("input_shape", {2, 4})}});

  for (const char* op : {"softmax", "log_softmax"}) {
    cases.push_back({op, {real({2, 4})}, {axis("axis", 1)}});
    cases.push_back({op, {real({3, 2})}, {axis("axis", 0)}});
  }
  cases.push_back({"sparse_softmax_cross_entropy", {real({3, 4}), whole({3}, 0, 3)}});
  cases.push_back({"sparse_softmax_cross_entropy", {real({2, 2, 3}), {{DType::uint8, {2, 2}}, 0, 2}}});
  cases.push_back({"softmax_cross_entropy", {real({3, 4}), real({3, 4}, 0, 1)}});
  return cases;
}

}  // namespace hornbeam::ir::testing
