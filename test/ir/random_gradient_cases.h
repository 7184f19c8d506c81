// The differentiable ops at shapes and attributes that a seed draws: what the fixed list of gradient_cases.h does not
// meet.
#pragma once

#include <algorithm>

#include "gradient_cases.h"

namespace hornbeam::ir::testing {

// Draws small shapes and attributes that fit each other.
class CaseDrawer {
 public:
  explicit CaseDrawer(uint32_t seed) : generator_(seed) {}

  std::vector<Case> all() {
    elementwise();
    moves();
    reductions();
    products();
    convolutions();
    pools();
    gathers();
    return std::move(cases_);
  }

 private:
  int64_t number(int64_t low, int64_t high) { return low + static_cast<int64_t>(generator_() % (high - low + 1)); }
  bool coin() { return generator_() % 2 == 1; }
  Shape shape(int64_t rank) {
    List dims;
    for (int64_t i = 0; i < rank; ++i) dims.push_back(number(1, rank > 2 ? 3 : 5));
    return Shape(dims);
  }
  Shape any() { return shape(number(0, 4)); }
  List order(int64_t rank) {
    List axes;
    for (int64_t i = 0; i < rank; ++i) axes.push_back(i);
    std::shuffle(axes.begin(), axes.end(), generator_);
    return axes;
  }
  // Some axes, at least one if there is one.
  List some_axes(int64_t rank) {
    List axes = order(rank);
    if (rank > 0) axes.resize(static_cast<size_t>(number(1, rank)));
    return axes;
  }
  static Operand real(Shape shape, double low = -1, double high = 1) {
    return {{DType::float64, std::move(shape)}, low, high};
  }
  static Operand whole(Shape shape, double low, double high) {
    return {{DType::int32, std::move(shape)}, low, high};
  }
  void add(const std::string& op, std::vector<Operand> operands, Attrs attrs = {}) {
    cases_.push_back({op, std::move(operands), std::move(attrs)});
  }

  void elementwise() {
    for (const char* op : {"negative", "abs", "sign", "exp", "expm1", "sin", "cos", "tan", "tanh", "atan", "erf",
                           "erfc", "floor", "ceil", "round", "sigmoid", "relu", "stop_gradient"})
      add(op, {real(any(), -1.4, 1.4)});
    for (const char* op : {"log", "log1p", "sqrt", "rsqrt"}) add(op, {real(any(), 0.3, 2)});
    for (const char* op : {"add", "subtract", "multiply", "maximum", "minimum"}) {
      Shape x = any();
      add(op, {real(x), real(x)});
    }
    Shape x = any();
    add("divide", {real(x), real(x, 0.5, 2)});
    add("erfinv", {real(any(), -0.9, 0.9)});
    add("atan2", {real(x), real(x, 0.3, 2)});
    add("power", {real(x, 0.3, 2), real(x, -2, 2)});
    add("remainder", {real(x, -5, 5), real(x, 0.7, 1.9)});
    add("floor_divide", {real(x, -5, 5), real(x, 0.7, 1.9)});
    add("cast", {real(any())}, {{"dtype", DType::float64}});
    add("select", {{{DType::boolean, x}, 0, 1}, real(x), real(x)});
  }

  void moves() {
    Shape x = shape(number(1, 3)), to = x;
    List axes;
    for (int64_t i = 0; i < x.rank(); ++i) {
      axes.push_back(i + 1);
      if (coin()) x[i] = 1;
    }
    List wide{number(1, 3)};
    wide.insert(wide.end(), to.begin(), to.end());
    add("broadcast", {real(x)}, {{"shape", wide}, {"axes", axes}});
    Shape flat = shape(3);
    add("reshape", {real(flat)}, {{"shape", List{flat[2] * flat[0], flat[1]}}});
    add("transpose", {real(shape(4))}, {{"permutation", order(4)}});
    Shape a = shape(3), b = a;
    int64_t axis = number(0, 2);
    b[axis] = number(1, 4);
    add("concat", {real(a), real(b)}, {{"axis", axis}});
    Shape from = shape(2);
    List start, limit, strides;
    for (int64_t dim : from) {
      start.push_back(number(0, dim - 1));
      limit.push_back(number(start.back() + 1, dim));
      strides.push_back(number(1, 3));
    }
    add("slice", {real(from)}, {{"start", start}, {"limit", limit}, {"strides", strides}});
    add("pad", {real(shape(2)), real({})},
        {{"low", List{number(0, 2), number(0, 2)}}, {"high", List{number(0, 2), number(0, 2)}}});
    add("reverse", {real(shape(3))}, {{"axes", some_axes(3)}});
  }

  void reductions() {
    for (const char* op : {"reduce_sum", "reduce_max", "reduce_min", "reduce_prod", "logsumexp"}) {
      int64_t rank = number(1, 3);
      add(op, {real(shape(rank))}, {{"axes", some_axes(rank)}});
    }
    for (const char* op : {"softmax", "log_softmax"}) {
      int64_t rank = number(1, 3);
      add(op, {real(shape(rank))}, {{"axis", number(0, rank - 1)}});
    }
    int64_t rows = number(1, 4), classes = number(2, 5);
    add("sparse_softmax_cross_entropy",
        {real({rows, classes}), whole({rows}, 0, static_cast<double>(classes - 1))});
    add("softmax_cross_entropy", {real({rows, 2, classes}), real({rows, 2, classes}, 0, 1)});
  }

  // Axes of both sides in any order: batch, contracted, free.
  void products() {
    int64_t batch = number(0, 1), shared = number(0, 2);
    List sizes;
    for (int64_t i = 0; i < batch + shared; ++i) sizes.push_back(number(1, 3));
    auto side = [&](List& batch_axes, List& contract_axes) {
      int64_t free = number(0, 2), rank = batch + shared + free;
      List places = order(rank), dims(static_cast<size_t>(rank));
      for (int64_t i = 0; i < rank; ++i) {
        dims[places[i]] = i < batch + shared ? sizes[i] : number(1, 3);
        if (i < batch)
          batch_axes.push_back(places[i]);
        else if (i < batch + shared)
          contract_axes.push_back(places[i]);
      }
      return Shape(dims);
    };
    List lb, rb, lc, rc;
    Shape lhs = side(lb, lc), rhs = side(rb, rc);
    add("dot", {real(lhs), real(rhs)},
        {{"lhs_contract", lc}, {"rhs_contract", rc}, {"lhs_batch", lb}, {"rhs_batch", rb}});
  }

  void convolutions() {
    int64_t spatial = number(1, 2), groups = number(1, 2), per_group = number(1, 2), batch = number(1, 2);
    List x{batch}, kernel, y{batch}, strides, padding, dilation;
    for (int64_t i = 0; i < spatial; ++i) {
      kernel.push_back(number(1, 3));
      dilation.push_back(number(1, 2));
      strides.push_back(number(1, 2));
      int64_t low = number(0, 1), high = number(0, 1), reach = (kernel.back() - 1) * dilation.back() + 1;
      padding.push_back(low), padding.push_back(high);
      x.push_back(std::max<int64_t>(reach - low - high, 1) + number(0, 2));
      y.push_back((x.back() + low + high - reach) / strides.back() + 1);
    }
    x.push_back(groups * per_group);
    kernel.push_back(per_group);
    kernel.push_back(groups * number(1, 2));
    y.push_back(kernel.back());
    Attrs attrs{{"strides", strides}, {"padding", padding}, {"dilation", dilation}, {"groups", groups}};
    auto with = [&](const char* name, const List& value) {
      Attrs more = attrs;
      more.emplace_back(name, value);
      return more;
    };
    add("conv", {real(Shape(x)), real(Shape(kernel))}, attrs);
    add("conv_backward_data", {real(Shape(y)), real(Shape(kernel))}, with("input_shape", x));
    add("conv_backward_kernel", {real(Shape(x)), real(Shape(y))}, with("kernel_shape", kernel));
  }

  void pools() {
    int64_t spatial = number(1, 2);
    List x{number(1, 2)}, y, window, strides, padding;
    y.push_back(x[0]);
    for (int64_t i = 0; i < spatial; ++i) {
      window.push_back(number(1, 3));
      strides.push_back(number(1, 2));
      int64_t low = number(0, window.back() - 1), high = number(0, window.back() - 1);
      padding.push_back(low), padding.push_back(high);
      x.push_back(window.back() + number(0, 2));
      y.push_back((x.back() + low + high - window.back()) / strides.back() + 1);
    }
    x.push_back(number(1, 2));
    y.push_back(x.back());
    Attrs attrs{{"window", window}, {"strides", strides}, {"padding", padding}}, with_shape = attrs;
    with_shape.emplace_back("input_shape", x);
    add("max_pool", {real(Shape(x))}, attrs);
    add("avg_pool", {real(Shape(x))}, attrs);
    add("max_pool_backward", {real(Shape(x)), real(Shape(y))}, attrs);
    add("max_pool_gather", {real(Shape(x)), real(Shape(x))}, attrs);
    add("avg_pool_backward", {real(Shape(y))}, with_shape);
  }

  void gathers() {
    Shape x = shape(number(1, 3)), indices = shape(number(0, 2));
    int64_t axis = number(0, x.rank() - 1);
    double last = static_cast<double>(x[axis] - 1);
    add("take", {real(x), whole(indices, -1, last + 1)}, {{"axis", axis}});
    List gathered(x.begin(), x.begin() + axis);
    gathered.insert(gathered.end(), indices.begin(), indices.end());
    gathered.insert(gathered.end(), x.begin() + axis + 1, x.end());
    add("take_backward", {whole(indices, 0, last), real(Shape(gathered))},
        {{"axis", axis}, {"input_shape", List(x.begin(), x.end())}});
  }

  std::mt19937 generator_;
  std::vector<Case> cases_;
};

inline std::vector<Case> random_gradient_cases(uint32_t seeds) {
  std::vector<Case> cases;
  for (uint32_t seed = 1; seed <= seeds; ++seed)
    for (Case& drawn : CaseDrawer(seed).all()) cases.push_back(std::move(drawn));
  return cases;
}

}  // namespace hornbeam::ir::testing
