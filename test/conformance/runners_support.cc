// One runner a kind of case; that of layers is in layer_runner_support.cc.
#include "test/conformance/runners_support.h"

#include <hornbeam/constraint.h>
#include <hornbeam/initializer.h>
#include <hornbeam/loss.h>
#include <hornbeam/metric.h>
#include <hornbeam/optimizer.h>
#include <hornbeam/regularizer.h>

#include <cmath>
#include <map>

#include "test/conformance/arguments_support.h"
#include "test/conformance/function_table_support.h"
#include "test/conformance/report_support.h"

namespace hornbeam::conformance {
using nlohmann::json;
namespace {

// ---- functions whose results are vectors that may point either way: [function, output, axis along which they stand]
struct FreeSigns {
  const char* function;
  const char* output;
  int64_t axis;
};
const FreeSigns kFreeSigns[] = {{"keras.ops.eigh", "y1", -1},
                                {"keras.ops.svd", "y0", -1},
                                {"keras.ops.svd", "y2", -2},
                                {"keras.ops.qr", "y0", -1},
                                {"keras.ops.qr", "y1", -2}};

// Turns the vectors of a result round that point against those of the case.
Array turned(const Case& c, const json& output, const Array& got, int64_t axis) {
  bool other = c.json().value("preferred", "") == "other" && output.contains("jax_key");
  const Array& want = c.tensor(output.at(other ? "jax_key" : "key").get<std::string>());
  if (got.shape() != want.shape() || got.shape().rank() < 2) return got;
  int64_t columns = got.shape()[-1], rows = got.shape()[-2], matrices = got.num_elements() / (rows * columns);
  Array result = got.clone();
  int64_t count = axis == -1 ? columns : rows, length = axis == -1 ? rows : columns;
  for (int64_t vector = 0; vector < matrices * count; ++vector) {
    auto place = [&](int64_t k) {
      int64_t start = vector / count * rows * columns, at = vector % count;
      return start + (axis == -1 ? k * columns + at : at * columns + k);
    };
    double product = 0;
    for (int64_t k = 0; k < length; ++k) product += got.get(place(k)) * want.get(place(k));
    for (int64_t k = 0; product < 0 && k < length; ++k) result.set(place(k), -got.get(place(k)));
  }
  return result;
}

// ---- functions, losses, regularizers, constraints: one call of tensors alone
void check_call(const Case& c, Path path, Report& report, const Arguments& arguments, const Function& function) {
  Arrays inputs = arguments.arrays();
  Ran ran = run(path, function, inputs);
  for (size_t i = 0; i < ran.outputs.size(); ++i) {
    std::string suffix = "y" + std::to_string(i);
    Array got = ran.outputs[i];
    for (const FreeSigns& free : kFreeSigns)
      if (c.json().value("function", "") == free.function && suffix == free.output)
        if (const json* output = report.find("outputs", suffix)) got = turned(c, *output, got, free.axis);
    report.output(suffix, got);
  }
  std::vector<size_t> wanted = differentiated(c, arguments);
  if (wanted.empty()) return;
  std::vector<Array> grads = gradients(path, function, inputs, wanted, cotangents(c));
  for (size_t i = 0; i < wanted.size(); ++i) report.gradient("d" + c.suffix(arguments.keys()[wanted[i]]), grads.at(i));
}

void check_function(const Case& c, Path path, Report& report) {
  Arguments arguments(c, c.json().at("args"), c.json().at("kwargs"));
  std::string name = c.json().at("function").get<std::string>();
  auto concrete = [&] {
    std::vector<Tensor> tensors;
    for (const Array& array : arguments.arrays()) tensors.push_back(Tensor(array));
    return Tensors::with_structure(arguments.arrays(), std::move(tensors));
  };
  if (auto value = value_functions().find(name); value != value_functions().end()) {
    json got = value->second(arguments, concrete()), want = c.json().at("results").at("json");
    if (got != want) report.add("result: " + got.dump() + " instead of " + want.dump());
    return;
  }
  // A name may have a form of each kind: by the number of arguments (where, repeat).
  if (auto host = host_functions().find(name); host != host_functions().end()) {
    Tensors outputs = host->second(arguments, concrete());
    if (!outputs.flat().empty()) {
      for (size_t i = 0; i < outputs.flat().size(); ++i)
        report.output("y" + std::to_string(i), outputs.flat()[i].array());
      return;
    }
  }
  const NamedFunction& function = function_named(name);
  check_call(c, path, report, arguments, [&](const Tensors& tensors) { return function(arguments, tensors); });
}

void check_loss(const Case& c, Path path, Report& report) {
  Loss loss(to_config(c.json().at("config")));
  report.config(loss.config());
  json kwargs = c.json().at("kwargs");
  if (c.json().contains("pred_mask")) kwargs["mask"] = {{"$tensor", c.json()["pred_mask"]}};
  Arguments arguments(c, c.json().at("args"), kwargs);
  check_call(c, path, report, arguments, [&](const Tensors& tensors) -> Tensors {
    return (*loss)(arguments.positional(0, tensors).single(), arguments.positional(1, tensors).single(),
                   arguments.keyword("sample_weight", tensors), arguments.keyword("mask", tensors));
  });
}

template <class Handle>
void check_object(const Case& c, Path path, Report& report) {
  Handle object(to_config(c.json().at("config")));
  report.config(object.config());
  Arguments arguments(c, c.json().at("args"), c.json().at("kwargs"));
  check_call(c, path, report, arguments, [&](const Tensors& tensors) -> Tensors {
    return object->call(arguments.positional(0, tensors).single());
  });
}

// ---- schedules: a step at a time, as an optimizer calls them
void check_schedule(const Case& c, Path path, Report& report) {
  Schedule schedule(to_config(c.json().at("config")));
  report.config(schedule.config());
  Array steps = c.tensor(c.json().at("args").at(0).at("$tensor").get<std::string>());
  Array rates(DType::float32, steps.shape());
  auto function = [&](const Tensors& tensors) -> Tensors { return schedule->call(tensors.single()); };
  for (int64_t i = 0; i < steps.num_elements(); ++i) {
    Array step = Array::scalar<int32_t>(static_cast<int32_t>(steps.get_int(i)));
    rates.set(i, run(path, function, Arrays(step)).outputs.at(0).get(0));
  }
  report.output("y0", rates);
}

// ---- initializers: on the host
void check_initializer(const Case& c, Path, Report& report) {
  Initializer initializer(to_config(c.json().at("config")));
  report.config(initializer.config());
  Shape shape(c.json().at("shape").get<std::vector<int64_t>>());
  report.output("y0", initializer->call(shape, DType::float32));
}

// Rows (or columns, if there are fewer) of a draw of Orthogonal have norm `gain` and are orthogonal.
void check_orthogonal(const Array& draw, double gain, double tolerance, Report& report) {
  int64_t columns = draw.shape()[-1], rows = draw.num_elements() / columns;
  bool wide = rows < columns;
  int64_t count = std::min(rows, columns), length = std::max(rows, columns);
  auto element = [&](int64_t i, int64_t k) { return draw.get(wide ? i * columns + k : k * columns + i); };
  double worst = 0;
  for (int64_t i = 0; i < count; ++i)
    for (int64_t j = 0; j <= i; ++j) {
      double product = 0;
      for (int64_t k = 0; k < length; ++k) product += element(i, k) * element(j, k);
      worst = std::max(worst, std::abs(product - (i == j ? gain * gain : 0.0)));
    }
  if (!(worst <= tolerance)) report.add("the vectors' products are off by " + std::to_string(worst));
}

void check_random_initializer(const Case& c, Path, Report& report) {
  Initializer initializer(to_config(c.json().at("config")));
  report.config(initializer.config());
  Array draw = initializer->call(Shape(c.json().at("shape").get<std::vector<int64_t>>()), DType::float32);
  const json& expect = c.json().at("expect");
  const json& tolerance = c.json().at("tolerance");
  if (expect.contains("property"))
    return check_orthogonal(draw, expect.at("gain").get<double>(), tolerance.at("property").get<double>(), report);
  double n = static_cast<double>(draw.num_elements()), sum = 0, squares = 0;
  double least = INFINITY, most = -INFINITY;
  for (float x : draw.as<float>()) {
    sum += x;
    least = std::min(least, static_cast<double>(x));
    most = std::max(most, static_cast<double>(x));
  }
  for (float x : draw.as<float>()) squares += (x - sum / n) * (x - sum / n);
  auto near = [&](const char* quantity, double got) {
    if (expect.contains(quantity) &&
        !(std::abs(got - expect[quantity].get<double>()) <= tolerance[quantity].get<double>()))
      report.add(std::string(quantity) + " " + std::to_string(got) + " instead of " + expect[quantity].dump());
  };
  near("mean", sum / n);
  near("std", std::sqrt(squares / n));
  if (expect.contains("min") &&
      (least < expect["min"].get<double>() - 1e-6 || most > expect["max"].get<double>() + 1e-6))
    report.add("values in [" + std::to_string(least) + ", " + std::to_string(most) + "] instead of [" +
               expect["min"].dump() + ", " + expect["max"].dump() + "]");
}

// ---- metrics
void check_metric(const Case& c, Path path, Report& report) {
  Metric metric(to_config(c.json().at("config")));
  report.config(metric.config());
  const std::vector<Variable>& variables = metric->variables();
  auto result = [&](const std::string& suffix) {
    Ran ran = run(
        path, [&](const Tensors&) -> Tensors { return metric->result(); }, Arrays(), variables);
    report.output(suffix, ran.outputs.at(0));
  };
  int number = 0;
  for (const json& call : c.json().at("calls")) {
    Arguments arguments(c, call.at("args"), call.at("kwargs"));
    auto update = [&](const Tensors& tensors) -> Tensors {
      Tensor second = arguments.num_positional() > 1 ? arguments.positional(1, tensors).single() : Tensor();
      metric->update_state(arguments.positional(0, tensors).single(), second,
                           arguments.keyword("sample_weight", tensors));
      return {};
    };
    if (arguments.num_positional() > 1)
      metric->ensure_built(arguments.arrays()[0].shape(), arguments.arrays()[1].shape());
    run(path, update, arguments.arrays(), variables);
    result("y" + std::to_string(number++));
  }
  for (const Variable& variable : variables) report.output("state/" + variable.name(), variable.value());
  metric->reset_state();
  result("yreset");
}

// ---- optimizers
void check_optimizer(const Case& c, Path path, Report& report) {
  Optimizer optimizer(to_config(c.json().at("config")));
  report.config(optimizer.config());
  std::vector<Variable> variables;
  for (const json& weight : c.json().at("weights")) {
    std::string whole = weight.at("path").get<std::string>();
    NameScope scope(whole.substr(0, whole.rfind('/')));
    variables.emplace_back(c.tensor(weight.at("key").get<std::string>()), weight.at("name").get<std::string>(), true);
  }
  if (c.json().contains("exclude_from_weight_decay"))
    optimizer->exclude_from_weight_decay(c.json()["exclude_from_weight_decay"].get<std::vector<std::string>>());
  optimizer->build(variables);
  std::vector<Variable> state = variables;
  state.insert(state.end(), optimizer->variables().begin(), optimizer->variables().end());

  int step = 0;
  for (const json& keys : c.json().at("steps")) {
    std::vector<Array> grads;
    for (const json& key : keys) grads.push_back(c.tensor(key.get<std::string>()));
    auto apply = [&](const Tensors& tensors) -> Tensors {
      optimizer->apply(tensors.flat());
      return {};
    };
    run(path, apply, Arrays(grads), state);
    for (size_t i = 0; i < variables.size(); ++i)
      report.output("v" + std::to_string(i) + "/step" + std::to_string(step), variables[i].value());
    ++step;
  }
  // Of slots of one name (Adafactor's factors, an optimizer in another) the case has the last.
  std::map<std::string, Array> slots;
  for (const Variable& variable : optimizer->variables()) slots[variable.name()] = variable.value();
  for (const auto& [name, value] : slots) report.output("slot/" + name, value);
  if (c.json().value("finalize", false)) {
    optimizer->finalize_variable_values();
    for (size_t i = 0; i < variables.size(); ++i)
      report.output("v" + std::to_string(i) + "/final", variables[i].value());
  }
}

using Runner = void (*)(const Case&, Path, Report&);
const std::map<std::string, Runner>& runners() {
  static const std::map<std::string, Runner> all = {
      {"op", check_function},
      {"layer", check_layer},
      {"loss", check_loss},
      {"metric", check_metric},
      {"optimizer", check_optimizer},
      {"schedule", check_schedule},
      {"initializer", check_initializer},
      {"initializer_random", check_random_initializer},
      {"regularizer", check_object<Regularizer>},
      {"constraint", check_object<Constraint>},
  };
  return all;
}

}  // namespace

// A cotangent stands for the stored output. Where another one is preferred that has the same numbers in another shape, it
// takes that shape: the sum over the output is the same, and so are the gradients.
static Array cotangent_of_preferred(const Case& c, const json& output, const Array& dy) {
  if (c.json().value("preferred", "") != "other" || !output.contains("jax_key")) return dy;
  const Array& stored = c.tensor(output.at("key").get<std::string>());
  const Array& preferred = c.tensor(output.at("jax_key").get<std::string>());
  if (dy.shape() != stored.shape() || stored.num_elements() != preferred.num_elements()) return dy;
  if (!difference(stored.reshaped(preferred.shape()), preferred, 0, 0).empty()) return dy;
  return dy.reshaped(preferred.shape());
}

std::vector<Array> cotangents(const Case& c) {
  std::vector<Array> dy;
  if (!c.json().contains("dy")) return dy;
  for (const json& key : c.json()["dy"]) {
    dy.push_back(c.tensor(key.get<std::string>()));
    for (const json& output : c.json().at("outputs"))
      if (c.suffix(key.get<std::string>()) == "d" + c.suffix(output.at("key").get<std::string>()))
        dy.back() = cotangent_of_preferred(c, output, dy.back());
  }
  return dy;
}

std::vector<size_t> differentiated(const Case& c, const Arguments& arguments) {
  std::vector<size_t> places;
  if (!c.json().contains("grads")) return places;
  for (const json& gradient : c.json()["grads"]) {
    std::string suffix = c.suffix(gradient.at("key").get<std::string>());
    if (suffix.starts_with("dw/")) continue;
    int64_t place = arguments.index_of(c.name() + "/" + suffix.substr(1));
    if (place >= 0) places.push_back(static_cast<size_t>(place));
  }
  return places;
}

bool is_known(const Case& c) {
  static const std::map<std::string, Kind> kinds = {{"layer", Kind::layer},
                                                    {"loss", Kind::loss},
                                                    {"metric", Kind::metric},
                                                    {"optimizer", Kind::optimizer},
                                                    {"schedule", Kind::schedule},
                                                    {"initializer", Kind::initializer},
                                                    {"initializer_random", Kind::initializer},
                                                    {"regularizer", Kind::regularizer},
                                                    {"constraint", Kind::constraint}};
  if (c.kind() == "op") return has_function(c.json().at("function").get<std::string>());
  auto kind = kinds.find(c.kind());
  return kind != kinds.end() && registry::contains(kind->second, c.class_name());
}

std::vector<std::string> check(const Case& c, Path path) {
  Report report(c);
  try {
    runners().at(c.kind())(c, path, report);
  } catch (const std::exception& error) {
    report.add(std::string("threw: ") + error.what());
    return {report.finish().front()};
  }
  return report.finish();
}

}  // namespace hornbeam::conformance
