// Random graphs of ops with random shapes: compiled results equal the reference evaluator's. HORNBEAM_RANDOM_GRAPHS
// sets how many are tried, HORNBEAM_RANDOM_SEED where to begin; a failure names its seed.
#include <cstdlib>
#include <utility>

#include <gtest/gtest.h>

#include <hornbeam/base/philox.h>

#include "compiled_support.h"

namespace hornbeam::test {
namespace {

using Values = std::vector<ir::Value>;
using List = std::vector<int64_t>;

class Dice {
 public:
  explicit Dice(uint32_t seed) : seed_(seed) {}
  int64_t below(int64_t n) { return philox4x32({next_++, 0, 0, 0}, {seed_, 3})[0] % static_cast<uint32_t>(n); }
  template <typename T>
  const T& pick(const std::vector<T>& list) {
    return list[below(static_cast<int64_t>(list.size()))];
  }

 private:
  uint32_t seed_, next_ = 0;
};

// Grows a graph from its arguments; ops keep values of moderate size, so that rounding stays within the tolerance.
class Grower {
 public:
  Grower(ir::Builder& builder, Dice& dice, Values values) : b_(builder), dice_(dice), values_(std::move(values)) {}

  Values grow(int64_t ops) {
    for (int64_t i = 0; i < ops; ++i) add_one();
    Values results{values_.back()};
    for (int64_t i = 0; i < 2; ++i) results.push_back(values_[dice_.below(static_cast<int64_t>(values_.size()))]);
    return results;
  }

 private:
  ir::Value op(const char* name, const Values& operands, const ir::Attrs& attrs = {}) {
    absl::StatusOr<ir::Value> value = b_.create_one(name, operands, attrs);
    if (!value.ok()) throw Error(std::string(name) + ": " + std::string(value.status().message()));
    return *value;
  }
  void add_one() {
    ir::Value x = values_[dice_.below(static_cast<int64_t>(values_.size()))];
    const Shape shape = x.type().shape;
    int64_t rank = shape.rank();
    switch (dice_.below(15)) {
      case 0:
      case 1:
        return keep(op(dice_.pick<const char*>({"tanh", "sigmoid", "relu", "abs", "negative", "sin", "erf"}), {x}));
      case 2:
      case 3: {
        ir::Value y = same_shape(shape);
        return keep(
            op("tanh", {op(dice_.pick<const char*>({"add", "subtract", "multiply", "maximum", "minimum"}), {x, y})}));
      }
      case 4: return keep(op("select", {op("greater", {x, same_shape(shape)}), x, same_shape(shape)}));
      case 5: {  // reduce
        if (rank == 0) return;
        List axes;
        for (int64_t axis = 0; axis < rank; ++axis)
          if (dice_.below(2)) axes.push_back(axis);
        const char* kind = dice_.pick<const char*>({"reduce_sum", "reduce_max", "reduce_min"});
        return keep(op("tanh", {op(kind, {x}, {{"axes", axes}})}));
      }
      case 6: {  // broadcast
        if (rank > 3) return;
        List wide, axes;
        for (int64_t axis = 0; axis <= rank; ++axis) {
          if (axis == dice_.below(rank + 1) && static_cast<int64_t>(wide.size()) == axis)
            wide.push_back(1 + dice_.below(20));
          if (axis < rank) axes.push_back(static_cast<int64_t>(wide.size())), wide.push_back(shape[axis]);
        }
        return keep(op("broadcast", {x}, {{"shape", wide}, {"axes", axes}}));
      }
      case 7: {  // transpose
        List permutation;
        for (int64_t axis = 0; axis < rank; ++axis)
          permutation.insert(permutation.begin() + dice_.below(axis + 1), axis);
        return keep(op("transpose", {x}, {{"permutation", permutation}}));
      }
      case 8: {  // slice or reverse
        if (rank == 0) return;
        List start, limit, strides;
        for (int64_t axis = 0; axis < rank; ++axis) {
          start.push_back(dice_.below(shape[axis]));
          limit.push_back(start.back() + 1 + dice_.below(shape[axis] - start.back()));
          strides.push_back(1 + dice_.below(2));
        }
        if (dice_.below(2)) return keep(op("reverse", {x}, {{"axes", List{dice_.below(rank)}}}));
        return keep(op("slice", {x}, {{"start", start}, {"limit", limit}, {"strides", strides}}));
      }
      case 9: return keep(op("reshape", {x}, {{"shape", List{shape.num_elements()}}}));
      case 10: {  // dot over one axis with another value made to fit
        if (rank < 1 || rank > 3) return;
        int64_t axis = dice_.below(rank), n = 1 + dice_.below(24);
        ir::Value y = op("broadcast", {scalar()}, {{"shape", List{shape[axis], n}}, {"axes", List{}}});
        ir::Value count =
            op("iota", {}, {{"shape", List{shape[axis], n}}, {"axis", dice_.below(2)}, {"dtype", DType::float32}});
        y = op("sin", {op("add", {y, count})});
        return keep(op("tanh", {op("dot", {x, y},
                                   {{"lhs_contract", List{axis}},
                                    {"rhs_contract", List{0}},
                                    {"lhs_batch", List{}},
                                    {"rhs_batch", List{}}})}));
      }
      case 11: return add_scan(x);
      case 12: return add_take(x);
      case 13: return add_conv(x);
      default: {  // pad, concat, softmax
        if (rank == 0) return;
        int64_t axis = dice_.below(rank);
        if (dice_.below(3) == 0) return keep(op("softmax", {x}, {{"axis", axis}}));
        if (dice_.below(2)) return keep(op("concat", {x, same_shape(shape)}, {{"axis", axis}}));
        List low(rank, 0), high(rank, 0);
        low[axis] = dice_.below(3), high[axis] = dice_.below(3);
        return keep(op("pad", {x, scalar()}, {{"low", low}, {"high", high}}));
      }
    }
  }
  // Slices of x at places, some beyond its end, and their sums at those places.
  void add_take(ir::Value x) {
    const Shape shape = x.type().shape;
    if (shape.empty()) return;
    int64_t axis = dice_.below(shape.rank());
    List places;
    for (int64_t i = 0, rank = dice_.below(3); i < rank; ++i) places.push_back(1 + dice_.below(9));
    if (shape.rank() + static_cast<int64_t>(places.size()) > 5) return;
    ir::Value index = b_.constant(Array::scalar<int32_t>(static_cast<int32_t>(dice_.below(20)) - 6));
    if (!places.empty()) {
      ir::Value count = op("iota", {}, {{"shape", places}, {"axis", int64_t{0}}, {"dtype", DType::int32}});
      index = op("broadcast", {index}, {{"shape", places}, {"axes", List{}}});
      index = op("add", {op("multiply", {count, count}), index});
    }
    ir::Value taken = op("take", {x, index}, {{"axis", axis}});
    if (taken.type().shape.num_elements() > 20000) return;
    keep(taken);
    if (dice_.below(2))
      keep(op("tanh", {op("take_backward", {index, taken}, {{"axis", axis}, {"input_shape", shape.dims()}})}));
  }
  // A convolution over all axes but the first and the last, plain or depthwise, or the gradient by its kernel.
  void add_conv(ir::Value x) {
    const Shape shape = x.type().shape;
    int64_t spatial = shape.rank() - 2;
    if (spatial < 1 || shape.num_elements() > 4000) return;
    int64_t channels = shape[shape.rank() - 1], groups = dice_.below(2) ? channels : 1;
    List window, strides, padding, dilation;
    for (int64_t i = 0; i < spatial; ++i) {
      window.push_back(1 + dice_.below(std::min<int64_t>(shape[i + 1], 3)));
      strides.push_back(1 + dice_.below(2));
      dilation.push_back(1);
      padding.push_back(dice_.below(2)), padding.push_back(dice_.below(2));
    }
    List kernel(window);
    kernel.push_back(channels / groups), kernel.push_back(groups * (1 + dice_.below(groups > 1 ? 2 : 18)));
    ir::Value weights = op("iota", {}, {{"shape", kernel}, {"axis", spatial + 1}, {"dtype", DType::float32}});
    weights = op("sin", {op("add", {weights, op("broadcast", {scalar()}, {{"shape", kernel}, {"axes", List{}}})})});
    ir::Attrs attrs{{"strides", strides}, {"padding", padding}, {"dilation", dilation}, {"groups", groups}};
    ir::Value y = op("tanh", {op("conv", {x, weights}, attrs)});
    keep(y);
    if (dice_.below(2)) return;
    attrs.push_back({"kernel_shape", kernel});
    keep(op("tanh", {op("conv_backward_kernel", {x, y}, attrs)}));
  }
  // A loop over x's slices, its body grown like the rest from a carried value, a slice and a value from outside.
  void add_scan(ir::Value x) {
    const Shape shape = x.type().shape;
    if (shape.empty() || shape[0] > 9 || depth_ > 1) return;
    ir::Value init = dice_.pick(values_), outside = dice_.pick(values_);
    if (init.type().shape.num_elements() > 2000) return;
    std::vector<ir::Type> types{init.type(),
                                {x.type().dtype, Shape(std::vector<int64_t>(shape.begin() + 1, shape.end()))}};
    Values all = std::exchange(values_, b_.begin_body(types));
    values_.push_back(outside);
    ir::Value carried = values_[0];
    ++depth_;
    for (int64_t i = 0, n = 1 + dice_.below(5); i < n; ++i) add_one();
    --depth_;
    ir::Value next = dice_.below(4) ? op("tanh", {op("add", {carried, same_shape(carried.type().shape)})}) : carried;
    Values yields{next, dice_.pick(values_), values_.back()};
    b_.end_body(yields);
    values_ = all;
    absl::StatusOr<Values> results = b_.scan(Values{init}, Values{x}, shape[0], dice_.below(2) == 1);
    if (!results.ok()) throw Error("scan: " + std::string(results.status().message()));
    for (ir::Value result : *results) keep(result);
  }
  void keep(ir::Value value) {
    if (value.type().shape.num_elements() <= 20000) values_.push_back(value);
  }
  ir::Value scalar() {
    std::vector<ir::Value> scalars;
    for (ir::Value value : values_)
      if (value.type().shape.empty()) scalars.push_back(value);
    return scalars.empty() ? b_.constant(Array::scalar(0.25f)) : dice_.pick(scalars);
  }
  // A value of this shape: one there is, or a scalar spread out.
  ir::Value same_shape(const Shape& shape) {
    std::vector<ir::Value> fitting;
    for (ir::Value value : values_)
      if (value.type().shape == shape) fitting.push_back(value);
    if (dice_.below(4)) return dice_.pick(fitting);
    return op("broadcast", {scalar()}, {{"shape", shape.dims()}, {"axes", List{}}});
  }

  ir::Builder& b_;
  Dice& dice_;
  Values values_;
  int depth_ = 0;
};

Function random_function(uint32_t seed) {
  Dice shapes(seed);
  Function function;
  for (int64_t i = 0, n = 1 + shapes.below(3); i < n; ++i) {
    std::vector<int64_t> dims;
    for (int64_t axis = 0, rank = shapes.below(4); axis < rank; ++axis)
      dims.push_back(1 + shapes.below(shapes.below(4) ? 9 : 40));
    function.arguments.push_back({DType::float32, Shape(dims)});
  }
  function.body = [seed](ir::Builder& b, const Values& arguments) {
    Dice dice(seed + 1000003);
    return Grower(b, dice, arguments).grow(4 + dice.below(16));
  };
  return function;
}

int64_t setting(const char* name, int64_t otherwise) {
  const char* value = std::getenv(name);
  return value ? std::atoll(value) : otherwise;
}

TEST(RandomGraphs, EqualTheReference) {
  int64_t first = setting("HORNBEAM_RANDOM_SEED", 1), count = setting("HORNBEAM_RANDOM_GRAPHS", 500);
  for (int64_t seed = first; seed < first + count; ++seed)
    ASSERT_EQ(check(random_function(static_cast<uint32_t>(seed)), static_cast<uint32_t>(seed),
                    1 + static_cast<int>(seed % 2), 1e-4, 2e-5),
              "")
        << "HORNBEAM_RANDOM_SEED=" << seed;
}

}  // namespace
}  // namespace hornbeam::test
