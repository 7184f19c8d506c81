// The operations of keras.ops that model files may use.
#include <map>

#include <hornbeam/activation.h>
#include <hornbeam/base/error.h>
#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/einsum.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/math.h>
#include <hornbeam/ops/nn.h>
#include <hornbeam/ops/products.h>
#include <hornbeam/ops/reduce.h>
#include <hornbeam/ops/shape.h>
#include <hornbeam/ops/sort.h>

#include "frontend/src/saving/operations.h"

namespace hornbeam::saving {
namespace {

using Call = const OperationCall&;
using Outputs = std::vector<Tensor>;
using Unary = Tensor (*)(const Tensor&);
using Binary = Tensor (*)(const Tensor&, const Tensor&);
using Reduction = Tensor (*)(const Tensor&, Axes, bool);

class Table {
 public:
  Table() {
    add_unary();
    add_binary();
    add_reductions();
    add_shapes();
    add_products();
    add_activations();
  }
  const Operation* find(const std::string& name) const {
    auto found = operations_.find(name);
    return found == operations_.end() ? nullptr : &found->second;
  }

 private:
  void add(const char* name, const char* module, std::function<Outputs(Call)> call) {
    operations_[name] = {.module = std::string("keras.src.ops.") + module, .call = std::move(call)};
  }
  void add_list(const char* name, std::function<Outputs(Call)> call) {
    operations_[name] = {.module = "keras.src.ops.numpy", .takes_list = true, .call = std::move(call)};
  }
  void unary(const char* name, Unary f, const char* module = "numpy") {
    add(name, module, [f](Call c) { return Outputs{f(c.tensor(0, "x"))}; });
  }
  void binary(const char* name, Binary f, const char* module = "numpy") {
    add(name, module, [f](Call c) { return Outputs{f(c.tensor(0, "x1"), c.tensor(1, "x2"))}; });
  }
  void reduction(const char* name, Reduction f, const char* module = "numpy") {
    add(name, module, [f](Call c) {
      if (!c.option("initial").is_null())
        throw NotImplementedError("The operation " + c.name + " with `initial` is not there yet");
      return Outputs{f(c.tensor(0, "x"), c.axes(), c.flag("keepdims"))};
    });
  }
  // By the activation of that name.
  void activation(const char* name, const char* activation) {
    add(name, "nn", [activation](Call c) { return Outputs{Activation(activation)(c.tensor(0, "x"))}; });
  }

  void add_unary() {
    unary("Abs", ops::abs);
    unary("Absolute", ops::absolute);
    unary("Arccos", ops::arccos);
    unary("Arccosh", ops::arccosh);
    unary("Arcsin", ops::arcsin);
    unary("Arcsinh", ops::arcsinh);
    unary("Arctan", ops::arctan);
    unary("Arctanh", ops::arctanh);
    unary("Cbrt", ops::cbrt);
    unary("Ceil", ops::ceil);
    unary("Copy", ops::copy);
    unary("Cos", ops::cos);
    unary("Cosh", ops::cosh);
    unary("Exp", ops::exp);
    unary("Exp2", ops::exp2);
    unary("Expm1", ops::expm1);
    unary("Floor", ops::floor);
    unary("Isfinite", ops::isfinite);
    unary("Isinf", ops::isinf);
    unary("Isnan", ops::isnan);
    unary("Log", ops::log);
    unary("Log10", ops::log10);
    unary("Log1p", ops::log1p);
    unary("Log2", ops::log2);
    unary("LogicalNot", ops::logical_not);
    unary("Negative", ops::negative);
    unary("Reciprocal", ops::reciprocal);
    unary("Sign", ops::sign);
    unary("Sin", ops::sin);
    unary("Sinh", ops::sinh);
    unary("Sqrt", ops::sqrt);
    unary("Square", ops::square);
    unary("Tan", ops::tan);
    unary("Tanh", ops::tanh);
    unary("Trunc", ops::trunc);
    unary("Erf", ops::erf, "math");
    unary("Rsqrt", ops::rsqrt, "math");
    add("StopGradient", "core", [](Call c) { return Outputs{ops::stop_gradient(c.tensor(0, "variable"))}; });
    add("Cast", "core", [](Call c) { return Outputs{ops::cast(c.tensor(0, "x"), c.dtype())}; });
    add("Round", "numpy", [](Call c) {
      int64_t decimals = c.integer("decimals", 0);
      return Outputs{decimals == 0 ? ops::round(c.tensor(0, "x")) : ops::round(c.tensor(0, "x"), decimals)};
    });
  }

  void add_binary() {
    binary("Add", ops::add);
    binary("Arctan2", ops::arctan2);
    binary("Divide", ops::divide);
    binary("DivideNoNan", ops::divide_no_nan);
    binary("Equal", ops::equal);
    binary("FloorDivide", ops::floor_divide);
    binary("Greater", ops::greater);
    binary("GreaterEqual", ops::greater_equal);
    binary("Less", ops::less);
    binary("LessEqual", ops::less_equal);
    binary("Logaddexp", ops::logaddexp);
    binary("LogicalAnd", ops::logical_and);
    binary("LogicalOr", ops::logical_or);
    binary("LogicalXor", ops::logical_xor);
    binary("Maximum", ops::maximum);
    binary("Minimum", ops::minimum);
    binary("Mod", ops::mod);
    binary("Multiply", ops::multiply);
    binary("NotEqual", ops::not_equal);
    binary("Power", ops::power);
    binary("Subtract", ops::subtract);
    binary("TrueDivide", ops::true_divide);
    add("Where", "numpy", [](Call c) {
      return Outputs{ops::where(c.tensor(0, "condition"), c.tensor(1, "x1"), c.tensor(2, "x2"))};
    });
    add("Clip", "numpy", [](Call c) {
      return Outputs{ops::clip(c.tensor(0, "x"), c.number("x_min", 0), c.number("x_max", 0))};
    });
    operations_["Clip"].options_last = {"x_min", "x_max"};
  }

  void add_reductions() {
    reduction("All", ops::all);
    reduction("Amax", ops::max);
    reduction("Amin", ops::min);
    reduction("Any", ops::any);
    reduction("Max", ops::max);
    reduction("Mean", ops::mean);
    reduction("Min", ops::min);
    reduction("Prod", ops::prod);
    reduction("Std", ops::std);
    reduction("Sum", ops::sum);
    reduction("Var", ops::var);
    reduction("Logsumexp", ops::logsumexp, "math");
    add("Argmax", "numpy", [](Call c) {
      return Outputs{ops::argmax(c.tensor(0, "x"), c.maybe_axis(), c.flag("keepdims"))};
    });
    add("Argmin", "numpy", [](Call c) {
      return Outputs{ops::argmin(c.tensor(0, "x"), c.maybe_axis(), c.flag("keepdims"))};
    });
  }

  void add_shapes() {
    add("BroadcastTo", "numpy", [](Call c) {
      return Outputs{ops::broadcast_to(c.tensor(0, "x"), Shape(c.integers("shape")))};
    });
    add("ExpandDims", "numpy", [](Call c) { return Outputs{ops::expand_dims(c.tensor(0, "x"), c.axes())}; });
    add("Flip", "numpy", [](Call c) { return Outputs{ops::flip(c.tensor(0, "x"), c.axes())}; });
    add("GetItem", "numpy", [](Call c) { return Outputs{get_item(c)}; });
    add("Moveaxis", "numpy", [](Call c) {
      if (c.option("source").is_int())
        return Outputs{ops::moveaxis(c.tensor(0, "x"), c.integer("source", 0), c.integer("destination", 0))};
      return Outputs{ops::moveaxis(c.tensor(0, "x"), c.integers("source"), c.integers("destination"))};
    });
    add("OneHot", "nn", [](Call c) {
      DType dtype = c.dtype();
      return Outputs{ops::one_hot(c.tensor(0, "x"), c.integer("num_classes", 0), c.integer("axis", -1),
                                  dtype == DType::invalid ? DType::float32 : dtype)};
    });
    add("Ravel", "numpy", [](Call c) { return Outputs{ops::ravel(c.tensor(0, "x"))}; });
    add("Repeat", "numpy", [](Call c) {
      return Outputs{ops::repeat(c.tensor(0, "x"), c.integer("repeats", 1), c.maybe_axis())};
    });
    add("Reshape", "numpy", [](Call c) {
      return Outputs{ops::reshape(c.tensor(0, "x"), Shape(c.integers("newshape")))};
    });
    add("Roll", "numpy", [](Call c) { return Outputs{ops::roll(c.tensor(0, "x"), c.integers("shift"), c.axes())}; });
    add("Split", "numpy", [](Call c) {
      const Config& parts = c.option("indices_or_sections");
      int64_t axis = c.integer("axis", 0);
      if (parts.is_array()) return ops::split(c.tensor(0, "x"), c.integers("indices_or_sections"), axis);
      return ops::split(c.tensor(0, "x"), parts.as_int(), axis);
    });
    add("Squeeze", "numpy", [](Call c) { return Outputs{ops::squeeze(c.tensor(0, "x"), c.axes())}; });
    add("Swapaxes", "numpy", [](Call c) {
      return Outputs{ops::swapaxes(c.tensor(0, "x"), c.integer("axis1", 0), c.integer("axis2", 1))};
    });
    add("Take", "numpy", [](Call c) {
      return Outputs{ops::take(c.tensor(0, "x"), c.tensor(1, "indices"), c.maybe_axis())};
    });
    add("Tile", "numpy", [](Call c) { return Outputs{ops::tile(c.tensor(0, "x"), c.integers("repeats"))}; });
    add("Transpose", "numpy", [](Call c) { return Outputs{ops::transpose(c.tensor(0, "x"), c.integers("axes"))}; });
    add("FullLike", "numpy", [](Call c) {
      return Outputs{ops::full_like(c.tensor(0, "x"), c.tensor(1, "fill_value"), c.dtype())};
    });
    add("OnesLike", "numpy", [](Call c) { return Outputs{ops::ones_like(c.tensor(0, "x"), c.dtype())}; });
    add("ZerosLike", "numpy", [](Call c) { return Outputs{ops::zeros_like(c.tensor(0, "x"), c.dtype())}; });
    add_list("Concatenate", [](Call c) { return Outputs{ops::concatenate(c.list(0), c.integer("axis", 0))}; });
    add_list("Stack", [](Call c) { return Outputs{ops::stack(c.list(0), c.integer("axis", 0))}; });
    add_list("Hstack", [](Call c) { return Outputs{ops::hstack(c.list(0))}; });
    add_list("Vstack", [](Call c) { return Outputs{ops::vstack(c.list(0))}; });
  }

  void add_products() {
    binary("Dot", ops::dot);
    binary("Inner", ops::inner);
    binary("Matmul", ops::matmul);
    binary("Outer", ops::outer);
    add("Einsum", "numpy", [](Call c) {
      Outputs operands;
      for (size_t i = 0; i < c.args.size(); ++i) operands.push_back(c.tensor(i, "operands"));
      return Outputs{ops::einsum(c.option("subscripts").as_string(), operands)};
    });
    add("TopK", "math", [](Call c) {
      auto [values, indices] = ops::top_k(c.tensor(0, "x"), c.integer("k", 1), c.flag("sorted", true));
      return Outputs{values, indices};
    });
  }

  void add_activations() {
    activation("HardSigmoid", "hard_sigmoid");
    activation("HardSilu", "hard_silu");
    activation("HardTanh", "hard_tanh");
    activation("LogSigmoid", "log_sigmoid");
    activation("Relu", "relu");
    activation("Relu6", "relu6");
    activation("Selu", "selu");
    activation("Sigmoid", "sigmoid");
    activation("Silu", "silu");
    activation("Softplus", "softplus");
    activation("Softsign", "softsign");
    add("Softmax", "nn", [](Call c) { return Outputs{ops::softmax(c.tensor(0, "x"), c.integer("axis", -1))}; });
    add("LogSoftmax", "nn", [](Call c) {
      return Outputs{ops::log_softmax(c.tensor(0, "x"), c.integer("axis", -1))};
    });
  }

  // The second argument is Python's key: a number, a slice, an ellipsis, a new axis, or a list of them.
  static Tensor get_item(Call c) {
    if (c.args.size() != 2) throw ValueError("The operation GetItem in the model's config needs a tensor and a key");
    const Argument& key = c.args[1];
    std::vector<ops::Index> entries;
    if (key.is_tensors()) {
      for (const Tensor& entry : key.tensors) entries.push_back(index_of_tensor(entry));
      return ops::get_item(c.tensor(0, "x"), entries);
    }
    if (key.value.is_array())
      for (const Config& entry : key.value.as_array()) entries.push_back(index_of(entry));
    else
      entries.push_back(index_of(key.value));
    return ops::get_item(c.tensor(0, "x"), entries);
  }

  static ops::Index index_of_tensor(const Tensor& entry) {
    if (entry.is_concrete() && entry.rank() == 0) return entry.array().get_int(0);
    return entry;
  }

  static ops::Index index_of(const Config& entry) {
    if (entry.is_null()) return ops::kNewAxis;
    if (entry.is_number()) return entry.as_int();
    const Config* class_name = entry.find("class_name");
    std::string kind = class_name && class_name->is_string() ? class_name->as_string() : "";
    if (kind == "__ellipsis__") return ops::kEllipsis;
    if (kind != "__slice__") throw NotImplementedError("A key of GetItem in the model's config is " + entry.to_json());
    auto part = [&](const char* name) -> std::optional<int64_t> {
      const Config* value = entry.at("config").find(name);
      return value && !value->is_null() ? std::optional<int64_t>(value->as_int()) : std::nullopt;
    };
    return ops::Slice{part("start"), part("stop"), part("step")};
  }

  std::map<std::string, Operation> operations_;
};

}  // namespace

const Operation* find_operation(const std::string& class_name) {
  static const Table* table = new Table();
  return table->find(class_name);
}

}  // namespace hornbeam::saving
