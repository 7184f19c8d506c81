// The table's entries of loops and branches; the functions that cases name are those of generate/functions.py.
#include <hornbeam/ops/loops.h>
#include <hornbeam/ops/prefix.h>
#include <hornbeam/ops/switch.h>

#include "test/conformance/ops_arguments_support.h"

namespace hornbeam::conformance {
namespace {

std::string function_name(const nlohmann::json& function) { return function.at("$fn").get<std::string>(); }

// Of one tensor, or of none.
std::function<Tensors(const Tensors&)> unary_named(const nlohmann::json& function) {
  std::string name = function_name(function);
  return [name](const Tensors& operands) -> Tensors {
    Tensor x = operands.empty() ? Tensor() : operands[0];
    if (name == "square_plus_one") return x * x + 1.0;
    if (name == "row_mean_times_two") return ops::mean(x, -1) * 2.0;
    if (name == "double") return x ? x * 2.0 : ops::full({}, 2.0);
    if (name == "minus_three") return x ? x - 3.0 : ops::full({}, -3.0);
    if (name == "negate") return x ? -x : ops::full({}, -1.0);
    throw ValueError("[conformance] No function is named '" + name + "'");
  };
}

}  // namespace

void add_control(FunctionTable& table) {
  auto add = [&](const char* name, NamedFunction function) {
    table["keras.ops." + std::string(name)] = std::move(function);
  };
  for (const char* name : {"map", "vectorized_map"})
    add(name, [](A a, T t) -> Tensors { return ops::map(unary_named(a.plain(0)), x(a, t, 1)); });
  add("associative_scan", [](A a, T t) -> Tensors {
    bool sum = function_name(a.plain(0)) == "add";
    auto f = [sum](const Tensors& p, const Tensors& q) -> Tensors {
      return sum ? ops::add(p.single(), q.single()) : ops::multiply(p.single(), q.single());
    };
    return ops::associative_scan(f, x(a, t, 1), flag(a, "reverse", false), integer(a, "axis", 99, 0));
  });
  add("scan", [](A a, T t) -> Tensors {
    double kept = function_name(a.plain(0)) == "scan_decay" ? 0.5 : 1.0;
    auto f = [kept](const Tensors& carry, const Tensors& slice) {
      Tensor c = carry.single(), s = slice.single();
      if (kept == 1.0) return std::pair(Tensors(c + s), Tensors(c * s));
      return std::pair(Tensors(c * kept + s), Tensors(c * kept - s));
    };
    auto [carry, outputs] = ops::scan(f, x(a, t, 1), x(a, t, 2), {}, flag(a, "reverse", false));
    return {carry.single(), outputs.single()};
  });
  add("cond", [](A a, T t) -> Tensors {
    auto first = unary_named(a.plain(1)), second = unary_named(a.plain(2));
    return ops::cond(
        x(a, t), [&] { return first({}); }, [&] { return second({}); });
  });
  add("switch", [](A a, T t) -> Tensors {
    std::vector<std::function<Tensors(const Tensors&)>> branches;
    for (const nlohmann::json& function : a.plain(1)) branches.push_back(unary_named(function));
    return ops::switch_case(x(a, t), branches, x(a, t, 2));
  });
  add("fori_loop", [](A a, T t) -> Tensors {
    auto body = [](const Tensor& i, const Tensors& value) -> Tensors {
      return value.single() * 0.5 + ops::cast(i, DType::float32);
    };
    return ops::fori_loop(a.plain(0).get<int64_t>(), a.plain(1).get<int64_t>(), body, x(a, t, 3));
  });
  add("while_loop", [](A a, T t) -> Tensors {
    auto goes_on = [](const Tensors& vars) { return ops::less(ops::sum(vars[1]), 20.0); };
    auto body = [](const Tensors& vars) -> Tensors { return {vars[0] + 1, vars[1] * 2.0}; };
    return ops::while_loop(goes_on, body, a.positional(2, t));
  });
}

}  // namespace hornbeam::conformance
