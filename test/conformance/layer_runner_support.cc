// The runner of layers: weights, one call after another, masks, losses, changed state, gradients.
#include <hornbeam/layer.h>
#include <hornbeam/layers/adaptable.h>
#include <hornbeam/layers/discretization.h>
#include <hornbeam/layers/integer_lookup.h>
#include <hornbeam/ops.h>

#include "frontend/src/host_layer.h"
#include "frontend/src/mask.h"
#include "frontend/src/trace/trace.h"
#include "test/conformance/report_support.h"

namespace hornbeam::conformance {
using nlohmann::json;
namespace {

// The name under which the masks that a layer's inputs carry stand among a call's keywords.
constexpr const char* kInputMasks = "input masks";

CallArgs call_args(const Arguments& arguments, const Tensors& tensors) {
  CallArgs args;
  json training = arguments.value("training");
  if (training.is_boolean()) args.training = training.get<bool>();
  args.options = Config::object();
  for (const std::string& name : arguments.plain_keywords())
    if (name != "training") args.options[name] = to_config(arguments.value(name));
  for (const std::string& name : arguments.tensor_keywords()) {
    if (name == "mask" && arguments.value(name).is_array()) continue;  // a mask for each input, which carries it
    if (name == "mask")
      args.mask = arguments.keyword(name, tensors);
    else if (name != kInputMasks)
      args.tensors[name] = arguments.keyword_tensors(name, tensors);
  }
  return args;
}

// The arguments of a layer's call; the masks that its inputs carry are one of them.
Arguments layer_arguments(const Case& c, const json& call) {
  json kwargs = call.at("kwargs");
  if (call.contains("input_masks") && call["input_masks"].is_array()) kwargs[kInputMasks] = call["input_masks"];
  if (kwargs.contains("mask") && kwargs["mask"].is_array()) kwargs[kInputMasks] = kwargs["mask"];
  return Arguments(c, call.at("args"), kwargs);
}

Tensors masked_inputs(const Arguments& arguments, const Tensors& tensors) {
  // Several positional tensors are a list here.
  Tensors inputs = arguments.positional(0, tensors);
  if (arguments.num_positional() > 1) {
    std::vector<Tensor> list;
    for (size_t i = 0; i < arguments.num_positional(); ++i)
      for (const Tensor& tensor : arguments.positional(i, tensors)) list.push_back(tensor);  // a cell's states: a list
    inputs = Tensors(list);
  }
  json masks = arguments.value(kInputMasks);
  if (masks.is_null()) return inputs;
  std::vector<Tensor> masked = inputs.flat();
  for (size_t i = 0; i < masked.size() && i < masks.size(); ++i)
    if (!masks[i].is_null())
      masked[i] =
          with_mask(masked[i], tensors.flat().at(arguments.index_of(masks[i].at("$tensor").get<std::string>())));
  return Tensors::with_structure(inputs, masked);
}

// A call of the layer: its outputs, then the masks that some of them carry. Weight penalties are added to the losses
// after those of the call, as Layer.losses does. `masked` is told which outputs carry a mask.
Function call_of(const LayerPtr& layer, const Arguments& arguments, std::vector<size_t>* masked = nullptr) {
  return [&layer, &arguments, masked](const Tensors& tensors) {
    Tensors outputs = layer->invoke(masked_inputs(arguments, tensors), call_args(arguments, tensors));
    for (const Variable& variable : layer->trainable_weights())
      if (variable.regularizer()) trace::Trace::current()->losses.push_back(variable.regularizer()->call(variable));
    std::vector<Tensor> all = outputs.flat();
    if (masked) masked->clear();
    for (size_t i = 0; i < outputs.size(); ++i) {
      if (!mask_of(outputs[i])) continue;
      all.push_back(ops::cast(mask_of(outputs[i]), DType::boolean));
      if (masked) masked->push_back(i);
    }
    return Tensors(all);
  };
}

// The name of a weight in the case: mostly its path without the layer's name.
std::string short_name(const json& weight) {
  std::string key = weight.at("key").get<std::string>();
  return key.substr(key.find("/w/") + 3);
}

// The names under which weight i's gradient may stand: like the weight, or by the last two parts of its path, numbered
// where several weights share them (in cells that were built before the layer).
std::vector<std::string> gradient_names(const json& weights, size_t i) {
  auto last_two = [](const json& weight) {
    std::string path = weight.at("path").get<std::string>();
    size_t slash = path.rfind('/', path.rfind('/') - 1);
    return slash == std::string::npos ? path : path.substr(slash + 1);
  };
  std::string tail = last_two(weights[i]);
  int64_t before = 0;
  for (size_t k = 0; k < i; ++k) before += last_two(weights[k]) == tail;
  return {short_name(weights[i]), before ? tail + "#" + std::to_string(before) : tail};
}

bool set_weights(const Case& c, const LayerPtr& layer, Report& report) {
  std::vector<Variable> weights = layer->weights();
  const json& wanted = c.json().at("weights");
  if (weights.size() != wanted.size()) {
    report.add(std::to_string(weights.size()) + " weights instead of " + std::to_string(wanted.size()));
    return false;
  }
  for (size_t i = 0; i < weights.size(); ++i) {
    std::string name = wanted[i].at("path").get<std::string>();
    if (weights[i].name() != name.substr(name.rfind('/') + 1)) {
      report.add("weight " + std::to_string(i) + " is named " + weights[i].name() + " instead of " + name);
      return false;
    }
    weights[i].assign(c.tensor(wanted[i].at("key").get<std::string>()));
  }
  return true;
}

// What preprocessing layers keep besides weights.
void check_results(const Case& c, const Layer& layer, Report& report) {
  if (const auto* bins = dynamic_cast<const layers::Discretization*>(&layer)) {
    const std::vector<double>& values = bins->bin_boundaries().value();
    report.output("bin_boundaries",
                  Array::of<double>({static_cast<int64_t>(values.size())}, std::span<const double>(values))
                      .cast(DType::float32));
  }
  const auto* lookup = dynamic_cast<const layers::IntegerLookup*>(&layer);
  if (lookup && c.json().at("results").contains("vocabulary") &&
      c.json()["results"]["vocabulary"] != json(lookup->get_vocabulary()))
    report.add("another vocabulary: " + json(lookup->get_vocabulary()).dump());
}

}  // namespace

void check_layer(const Case& c, Path path, Report& report) {
  clear_session();
  LayerPtr layer = layer_from_config(to_config(c.json().at("config")));
  report.config(layer->serialize());
  if (check_host_layer(c, layer, report)) return;
  if (c.json().contains("adapt")) {
    auto* adaptable = dynamic_cast<layers::Adaptable*>(layer.get());
    if (!adaptable) throw ValueError("[conformance] The layer cannot adapt");
    adaptable->adapt(c.tensor(c.json()["adapt"].at("$tensor").get<std::string>()));
  }
  const json& calls = c.json().at("calls");
  Arguments first = layer_arguments(c, calls.at(0));
  {
    // Building by the first call's shapes, without running it.
    std::vector<trace::Spec> specs;
    for (const Array& array : first.arrays()) specs.push_back({array.dtype(), array.shape()});
    trace::infer(specs, [&](const std::vector<Tensor>& xs) { return call_of(layer, first)(Tensors(xs)).flat(); });
  }
  if (!set_weights(c, layer, report)) return;

  size_t number = 0;
  std::vector<Array> losses;
  for (const json& call : calls) {
    Arguments arguments = layer_arguments(c, call);
    std::vector<size_t> masked;
    Ran ran = run(path, call_of(layer, arguments, &masked), arguments.arrays(), layer->variables());
    const size_t num_outputs = ran.outputs.size() - masked.size();
    for (size_t i = 0; i < num_outputs; ++i) report.output("y" + std::to_string(number + i), ran.outputs[i]);
    for (size_t i = 0; i < masked.size(); ++i) {
      std::string suffix = "ymask" + std::to_string(number + masked[i]);
      if (!report.find("outputs", suffix)) report.add(suffix + ": the output carries a mask, Keras' does not");
      report.output(suffix, ran.outputs[num_outputs + i]);
    }
    number += num_outputs;
    losses = ran.losses;
  }
  if (!losses.empty()) {
    Array together(DType::float32, Shape{static_cast<int64_t>(losses.size())});
    for (size_t i = 0; i < losses.size(); ++i) together.set(static_cast<int64_t>(i), losses[i].get(0));
    report.output("losses", together);
  }
  check_results(c, *layer, report);
  std::vector<Variable> weights = layer->weights();
  for (size_t i = 0; i < weights.size(); ++i)
    report.output("after/" + short_name(c.json()["weights"][i]), weights[i].value());

  if (!c.json().contains("grads") || c.json()["grads"].empty()) return;
  set_weights(c, layer, report);
  std::vector<size_t> wanted = differentiated(c, first);
  std::vector<Variable> by;
  std::vector<std::string> names;
  for (size_t i = 0; i < weights.size(); ++i) {
    for (const std::string& name : gradient_names(c.json()["weights"], i)) {
      if (!report.find("grads", "dw/" + name)) continue;
      by.push_back(weights[i]);
      names.push_back("dw/" + name);
      break;
    }
  }
  std::vector<Array> grads =
      gradients(path, call_of(layer, first), first.arrays(), wanted, cotangents(c), layer->variables(), by);
  for (size_t i = 0; i < wanted.size(); ++i) report.gradient("d" + c.suffix(first.keys()[wanted[i]]), grads.at(i));
  for (size_t i = 0; i < by.size(); ++i) report.gradient(names[i], grads.at(wanted.size() + i));
}

namespace {

// The config with another policy for all layers in it.
void set_policy(json& config, const std::string& policy) {
  if (!config.is_object() && !config.is_array()) return;
  for (auto& [key, value] : config.items()) {
    bool is_policy = value.is_object() && value.value("class_name", "") == "DTypePolicy";
    if (is_policy)
      value["config"]["name"] = policy;
    else
      set_policy(value, policy);
  }
}

// How far a value may be from that of float32, as a part of the largest one. The logarithm of a small magnitude, as a
// spectrogram has it, makes much of its rounding.
double rounding(const Layer& layer) {
  double factor = layer.class_name() == "STFTSpectrogram" ? 2 : 1;
  if (layer.compute_dtype() == DType::bfloat16) return factor * 0.06;
  return layer.compute_dtype() == DType::float16 ? factor * 0.01 : 1e-4;
}

}  // namespace

std::vector<std::string> check_in_policy(const Case& c, Path path, const std::string& policy) {
  clear_session();
  std::vector<std::string> wrong;
  json config = c.json().at("config");
  set_policy(config, policy);
  if (c.class_name() == "Hashing" || c.json().contains("adapt")) return wrong;  // Hashing takes integer dtypes alone
  LayerPtr layer = layer_from_config(to_config(config));
  if (dynamic_cast<const layers::HostLayer*>(layer.get())) return wrong;
  Arguments first = layer_arguments(c, c.json().at("calls").at(0));
  std::vector<trace::Spec> specs;
  for (const Array& array : first.arrays()) specs.push_back({array.dtype(), array.shape()});
  trace::infer(specs, [&](const std::vector<Tensor>& xs) { return call_of(layer, first)(Tensors(xs)).flat(); });
  Report report(c);
  if (!set_weights(c, layer, report)) return report.finish();

  std::vector<size_t> masked;
  Ran ran = run(path, call_of(layer, first, &masked), first.arrays(), layer->variables());
  ran.outputs.resize(ran.outputs.size() - masked.size());
  std::vector<Array> dy;
  for (size_t i = 0; i < ran.outputs.size(); ++i) {
    const Array& got = ran.outputs[i];
    if (is_float(got.dtype())) dy.push_back(got);
    const json* stored = report.find("outputs", "y" + std::to_string(i));
    if (!stored) continue;
    bool other = c.json().value("preferred", "") == "other" && stored->contains("jax_key");
    const Array& want = c.tensor(stored->at(other ? "jax_key" : "key").get<std::string>());
    if (is_float(want.dtype()) && got.dtype() != layer->compute_dtype())
      wrong.push_back("y" + std::to_string(i) + " is of " + std::string(name_of(got.dtype())));
    if (got.shape() != want.shape()) {
      wrong.push_back("y" + std::to_string(i) + " has the shape " + got.shape().to_string());
      continue;
    }
    double largest = 1;
    for (int64_t k = 0; k < want.num_elements(); ++k)
      if (std::isfinite(want.get(k))) largest = std::max(largest, std::abs(want.get(k)));
    for (int64_t k = 0; k < want.num_elements(); ++k) {
      double error = std::abs(got.get(k) - want.get(k));
      if (error <= rounding(*layer) * largest || got.get(k) == want.get(k)) continue;
      if (stored->contains("jax_key") || !std::isfinite(want.get(k))) continue;  // the backends disagree
      wrong.push_back("y" + std::to_string(i) + "[" + std::to_string(k) + "] is " + std::to_string(got.get(k)) +
                      " instead of " + std::to_string(want.get(k)));
      break;
    }
  }
  if (!c.json().contains("grads") || c.json()["grads"].empty()) return wrong;
  std::vector<Array> grads = gradients(path, call_of(layer, first), first.arrays(), differentiated(c, first), dy,
                                       layer->variables(), layer->trainable_weights());
  for (const Array& grad : grads)
    for (int64_t k = 0; k < grad.num_elements(); ++k)
      if (!std::isfinite(grad.get(k))) return wrong.push_back("a gradient is not finite"), wrong;
  return wrong;
}

}  // namespace hornbeam::conformance
