#include "frontend/src/model/graph_rebuild.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <hornbeam/base/error.h>
#include <hornbeam/input.h>
#include <hornbeam/model.h>

#include "frontend/src/graph.h"
#include "frontend/src/layer_state.h"
#include "frontend/src/saving/operations.h"

namespace hornbeam {
namespace {

using graph::Node;
using saving::Argument;
using Place = std::pair<std::string, int64_t>;  // a layer's call

thread_local SharedObjects* shared_objects = nullptr;

// Whether an option that a layer does not know makes no difference.
bool is_neutral(const std::string& key, const Config& value) {
  static const std::set<std::string> kNoMatter = {"supports_masking", "autocast", "ragged", "sparse", "optional"};
  if (kNoMatter.count(key) || value.is_null()) return true;
  if (value.is_bool()) return !value.as_bool();
  if (value.is_int()) return value.as_int() == 1 || value.as_int() == 0;  // groups: 1
  return (value.is_array() || value.is_object()) && value.size() == 0;
}

// For an error's text: a long value by its beginning, or by what it is.
std::string short_text(const Config& value) {
  constexpr size_t kMost = 60;
  if (value.is_string() && value.as_string().size() > kMost)
    return Config(value.as_string().substr(0, kMost) + "...").to_json();
  if (value.is_array() && value.size() > kMost) return "a list of " + std::to_string(value.size()) + " values";
  if (value.is_object() && value.size() > kMost) return "an object of " + std::to_string(value.size()) + " entries";
  return value.to_json();
}

// What a file says of a layer and the layer does not know must not be dropped.
void check_options(const Config& entry, const Layer& layer) {
  const Config* given = entry.find("config");
  if (!given || !given->is_object() || dynamic_cast<const Model*>(&layer)) return;
  const Config known = layer.config();
  for (const auto& [key, value] : given->as_object())
    if (!known.contains(key) && !is_neutral(key, value))
      throw NotImplementedError("Layer '" + layer.name() + "' of class " + layer.class_name() + " has the option " + key +
                                "=" + short_text(value) + " in the model's config, which Hornbeam does not have yet");
}

std::string text_of(const Config& object, const std::string& key) {
  const Config* value = object.find(key);
  return value && value->is_string() ? value->as_string() : "";
}

const Config* history_of(const Config& argument) {
  if (text_of(argument, "class_name") != "__keras_tensor__") return nullptr;
  const Config* history = argument.at("config").find("keras_history");
  if (!history || !history->is_array() || history->size() != 3)
    throw ValueError("A tensor in the model's config does not say where it comes from.");
  return history;
}

Place place_of(const Config& history) { return {history[0].as_string(), history[1].as_int()}; }

// Fills `array` from nested lists, which must have its shape.
void fill(Array& array, const Config& value, int64_t axis, int64_t& at) {
  if (axis == array.shape().rank()) {
    if (is_float(array.dtype()))
      array.set(at++, value.as_double());
    else
      array.set_int(at++, value.is_bool() ? value.as_bool() : value.as_int());
    return;
  }
  if (value.as_array().size() != static_cast<size_t>(array.shape()[axis]))
    throw ValueError("A constant in the model's config has rows of different lengths.");
  for (const Config& entry : value.as_array()) fill(array, entry, axis + 1, at);
}

int64_t count_numbers(const Config& value) {
  if (!value.is_array()) return 1;
  int64_t count = 0;
  for (const Config& entry : value.as_array()) count += count_numbers(entry);
  return count;
}

// {"class_name": "__tensor__", "config": {"value": [[1.0, …], …], "dtype": "float32"}}.
Tensor constant_of(const Config& object) {
  const Config& config = object.at("config");
  DType dtype = DType::float32;
  config.read("dtype", dtype);
  if (size_of(dtype) == 0) throw NotImplementedError("A constant in the model's config is of strings.");
  Shape shape;
  for (const Config* level = &config.at("value"); level->is_array();) {
    shape.push_back(static_cast<int64_t>(level->size()));
    if (level->size() == 0) break;
    level = &level->as_array()[0];
  }
  int64_t elements = 1;
  for (int64_t dim : shape)
    if (__builtin_mul_overflow(elements, dim, &elements)) elements = -1;
  if (count_numbers(config.at("value")) != elements)
    throw ValueError("A constant in the model's config has rows of different lengths.");
  Array array(dtype, shape);
  int64_t at = 0;
  fill(array, config.at("value"), 0, at);
  return Tensor(array);
}

struct Call {
  std::string layer;
  const Config* entry;  // the layer's
  const Config* call;
  int64_t number;
};

class Rebuild {
 public:
  explicit Rebuild(const Config& config) : config_(config) {}

  RebuiltGraph run() {
    make_layers();
    run_calls();
    return {ends(config_.at("input_layers"), "an input"), ends(config_.at("output_layers"), "an output"), names_};
  }

 private:
  void make_layers() {
    for (const Config& entry : config_.at("layers").as_array()) {
      std::string name = text_of(entry, "name");
      if (name.empty()) name = entry.at("config").at("name").as_string();
      if (!known_.insert(name).second)
        throw ValueError("Two layers in the model's config are named '" + name + "'.");
      names_.push_back(name);
      const Config* nodes = entry.find("inbound_nodes");
      if (!nodes || !nodes->is_array()) throw ValueError("Layer '" + name + "' in the model's config has no inbound_nodes.");
      int64_t number = 0;
      if (!saving::is_operation_entry(entry)) {
        LayerPtr layer = layer_from_entry(entry);
        layers_[name] = layer;
        if (const auto* input = dynamic_cast<const layers::InputLayer*>(layer.get())) {
          auto node = std::make_shared<Node>(Node{layer, {}, {}});
          results_[{name, 0}] = {symbolic_tensor(input->dtype(), input->batch_shape(), node, 0, layer->name())};
          continue;
        }
      }
      for (const Config& call : nodes->as_array()) calls_.push_back({name, &entry, &call, number++});
    }
  }

  // What a call needs: the calls that make its tensors, and its layer's call before.
  void needs_of(const Config& value, std::set<Place>& needs) const {
    if (const Config* history = history_of(value)) {
      needs.insert(place_of(*history));
    } else if (value.is_array()) {
      for (const Config& entry : value.as_array()) needs_of(entry, needs);
    } else if (value.is_object() && !value.contains("class_name")) {
      for (const auto& [key, entry] : value.as_object()) needs_of(entry, needs);
    }
  }

  void run_calls() {
    std::map<Place, std::vector<size_t>> waiting;
    std::vector<size_t> missing(calls_.size());
    std::set<size_t> ready;
    for (size_t i = 0; i < calls_.size(); ++i) {
      std::set<Place> needs;
      needs_of(calls_[i].call->at("args"), needs);
      needs_of(calls_[i].call->at("kwargs"), needs);
      if (calls_[i].number > 0) needs.insert({calls_[i].layer, calls_[i].number - 1});
      for (const Place& place : needs)
        if (!results_.count(place)) {
          waiting[place].push_back(i);
          ++missing[i];
        }
      if (missing[i] == 0) ready.insert(i);
    }
    size_t done = 0;
    for (; !ready.empty(); ++done) {
      size_t i = *ready.begin();
      ready.erase(ready.begin());
      const Call& call = calls_[i];
      results_[{call.layer, call.number}] = layers_.count(call.layer) ? run_layer(call) : run_operation(call);
      for (size_t next : waiting[{call.layer, call.number}])
        if (--missing[next] == 0) ready.insert(next);
    }
    if (done == calls_.size()) return;
    for (size_t i = 0; i < calls_.size(); ++i)
      if (missing[i] > 0)
        throw ValueError("The model's config has calls whose inputs no layer makes, or that wait for each other: layer '" +
                         calls_[i].layer + "'.");
  }

  Tensor tensor_of(const Config& history) const {
    auto made = results_.find(place_of(history));
    auto result = static_cast<size_t>(history[2].as_int());
    if (made == results_.end() || result >= made->second.size())
      throw ValueError("The model's config uses a tensor that no layer makes: " + history.to_json());
    return made->second[result];
  }

  // A tensor, a constant or a number; nullopt for anything else.
  std::optional<Tensor> single_of(const Config& value) const {
    if (const Config* history = history_of(value)) return tensor_of(*history);
    std::string kind = text_of(value, "class_name");
    if (kind == "__tensor__" || kind == "__numpy__") return constant_of(value);
    if (value.is_bool()) return Tensor(value.as_bool());
    if (value.is_int()) return Tensor(value.as_int());
    if (value.is_float()) return Tensor(value.as_double());
    return std::nullopt;
  }

  // The tensors in a list, inner lists included; false if something else is in it.
  bool flatten(const Config& list, std::vector<Tensor>& tensors) const {
    for (const Config& entry : list.as_array()) {
      if (entry.is_array()) {
        if (!flatten(entry, tensors)) return false;
      } else if (std::optional<Tensor> tensor = single_of(entry)) {
        tensors.push_back(*tensor);
      } else {
        return false;
      }
    }
    return true;
  }

  bool has_tensor(const Config& value) const {
    if (value.is_array()) {
      for (const Config& entry : value.as_array())
        if (has_tensor(entry)) return true;
      return false;
    }
    std::string kind = text_of(value, "class_name");
    if (kind == "__keras_tensor__" || kind == "__tensor__" || kind == "__numpy__") return true;
    if (!value.is_object() || !kind.empty()) return false;
    for (const auto& [key, entry] : value.as_object())
      if (has_tensor(entry)) return true;
    return false;
  }

  Argument argument_of(const Config& value) const {
    if (std::optional<Tensor> tensor = single_of(value)) return {Tensors(*tensor), value};
    if (!has_tensor(value)) return {{}, value};
    if (value.is_array()) {
      std::vector<Tensor> tensors;
      if (flatten(value, tensors)) return {Tensors(std::move(tensors)), {}};
    } else {
      Tensors tensors;
      bool all = true;
      for (const auto& [key, entry] : value.as_object()) {
        std::optional<Tensor> tensor = single_of(entry);
        if (tensor) tensors.set(key, *tensor);
        all = all && tensor;
      }
      if (all) return {tensors, {}};
    }
    throw NotImplementedError("A call in the model's config mixes tensors with something else: " + value.to_json());
  }

  std::vector<Tensor> run_layer(const Call& call) {
    const LayerPtr& layer = layers_.at(call.layer);
    auto refuse = [&](const std::string& what) {
      throw NotImplementedError("Layer '" + call.layer + "' is called " + what + " in the model's config.");
    };
    std::vector<std::string> names = layer->argument_names();
    std::vector<Argument> args;
    for (const Config& value : call.call->at("args").as_array()) args.push_back(argument_of(value));
    CallArgs options;
    std::map<std::string, Tensor> named;
    auto take = [&](const std::string& name, const Argument& argument, const Config& value) {
      bool is_argument = std::find(names.begin(), names.end(), name) != names.end() || name == "inputs";
      if (name == "training") {
        if (value.is_bool()) options.training = value.as_bool();
      } else if (is_argument && argument.is_tensors() && argument.tensors.is_single()) {
        named[name] = argument.tensors.single();
      } else if (name == "mask" && argument.is_tensors() && argument.tensors.is_single()) {
        options.mask = argument.tensors.single();
      } else if (has_tensor(value)) {
        options.tensors[name] = argument.tensors;
      } else if (!value.is_null()) {
        if (options.options.is_null()) options.options = Config::object();
        options.options[name] = value;
      }
    };
    for (const auto& [name, value] : call.call->at("kwargs").as_object()) take(name, argument_of(value), value);
    // Positional arguments after the inputs: several tensors by the layer's names, a recurrent layer's first states.
    Tensors inputs;
    if (!args.empty() && args[0].is_tensors()) inputs = args[0].tensors;
    if (inputs.empty() && named.count("inputs")) inputs = named["inputs"];
    if (!names.empty() && !(inputs.size() > 1)) {
      std::vector<Tensor> list;
      for (size_t i = 0; i < names.size(); ++i) {
        Tensor given = i < args.size() && args[i].is_tensors() ? args[i].tensors.single() : Tensor();
        if (!given && named.count(names[i])) given = named[names[i]];
        if (given && list.size() != i) refuse("without its argument " + names[list.size()]);
        if (given) list.push_back(given);
      }
      inputs = list.size() == 1 ? Tensors(list[0]) : Tensors(list);
    } else if (args.size() == 2 && args[1].is_tensors() && !dynamic_cast<const Model*>(layer.get())) {
      options.tensors["initial_state"] = args[1].tensors;
    } else if (args.size() > 1) {
      for (size_t i = 1; i < args.size(); ++i)
        if (args[i].is_tensors() || !args[i].value.is_null()) refuse("with " + std::to_string(args.size()) + " arguments");
    }
    if (inputs.empty()) refuse("without a tensor");
    return layer->invoke(inputs, options).flat();
  }

  std::vector<Tensor> run_operation(const Call& call) {
    saving::OperationCall operation;
    operation.name = text_of(*call.entry, "class_name");
    const saving::Operation* known = saving::find_operation(operation.name);
    if (!known)
      throw NotImplementedError("The model's graph uses the operation " + operation.name + " of keras.ops ('" + call.layer +
                                "'), which Hornbeam does not have yet");
    operation.config = call.entry->at("config");
    std::vector<Tensor> given;
    for (const Config& value : call.call->at("args").as_array()) operation.args.push_back(argument_of(value));
    for (const auto& [name, value] : call.call->at("kwargs").as_object()) operation.kwargs[name] = argument_of(value);
    for (const Argument& argument : operation.args)
      given.insert(given.end(), argument.tensors.begin(), argument.tensors.end());
    for (const auto& [name, argument] : operation.kwargs)
      given.insert(given.end(), argument.tensors.begin(), argument.tensors.end());
    std::vector<Tensor> outputs = known->call(operation);
    std::string name = call.number == 0 ? call.layer : call.layer + "_" + std::to_string(call.number);
    int inner = 0;
    for (const Tensor& output : outputs) rename(output, given, name, inner);
    return outputs;
  }

  // Operations have the file's names; what one is made of here has that name with a number.
  void rename(const Tensor& tensor, const std::vector<Tensor>& given, const std::string& name, int& inner) {
    if (!tensor.valid() || !tensor.is_symbolic()) return;
    for (const Tensor& input : given)
      if (same(input, tensor)) return;
    const std::shared_ptr<Node>& node = tensor.impl()->node;
    if (!graph::is_op(*node->layer) || !renamed_.insert(node->layer.get()).second) return;
    node->layer->state()->name = inner == 0 ? name : name + "_part_" + std::to_string(inner);
    ++inner;
    for (const Tensor& input : node->inputs) rename(input, given, name, inner);
  }

  // "input_layers" and "output_layers": one history, a list, or a map.
  Tensors ends(const Config& config, const char* what) const {
    auto tensor = [&](const Config& history) -> Tensor {
      if (!history.is_array() || history.size() != 3)
        throw ValueError(std::string("The model's config does not say where ") + what + " comes from.");
      Config place = history;
      // A functional model's own graph counts as its call 0.
      auto layer = layers_.find(history[0].as_string());
      if (layer != layers_.end() && dynamic_cast<const Model*>(layer->second.get()) &&
          layer->second->class_name() == "Functional")
        place = Config::array({history[0], history[1].as_int() - 1, history[2]});
      if (!results_.count(place_of(place)))
        throw ValueError(std::string("The model's config names ") + what + " that no layer makes: " + history.to_json());
      return tensor_of(place);
    };
    if (config.is_array() && config.size() == 3 && config[0].is_string()) return tensor(config);
    if (config.is_object()) {
      Tensors tensors;
      for (const auto& [key, history] : config.as_object()) tensors.set(key, tensor(history));
      return tensors;
    }
    std::vector<Tensor> tensors;
    for (const Config& history : config.as_array()) tensors.push_back(tensor(history));
    return Tensors(std::move(tensors));
  }

  const Config& config_;
  std::vector<std::string> names_;
  std::set<std::string> known_;
  std::map<std::string, LayerPtr> layers_;  // operations are not among them
  std::vector<Call> calls_;
  std::map<Place, std::vector<Tensor>> results_;
  std::set<const Layer*> renamed_;
};

}  // namespace

RebuiltGraph rebuild_graph(const Config& config) { return Rebuild(config).run(); }

SharedObjects::SharedObjects() : outer_(shared_objects) { shared_objects = this; }
SharedObjects::~SharedObjects() { shared_objects = outer_; }

namespace {

thread_local SharedLayerIds* shared_ids = nullptr;

// How often each layer stands in a list of layers.
void count_entries(const Layer& layer, std::map<const void*, int>& counts) {
  const auto* model = dynamic_cast<const Model*>(&layer);
  if (!model) return;
  for (const LayerPtr& inner : model->layers())
    if (counts[inner->state().get()]++ == 0) count_entries(*inner, counts);
}

}  // namespace

SharedLayerIds::SharedLayerIds(const Layer& model) : outer_(shared_ids) {
  std::map<const void*, int> counts;
  count_entries(model, counts);
  for (const auto& [state, count] : counts)
    if (count > 1) ids_.emplace(state, static_cast<int64_t>(ids_.size()) + 1);
  shared_ids = this;
}

SharedLayerIds::~SharedLayerIds() { shared_ids = outer_; }

Config serialize_entry(const Layer& layer) {
  Config entry = layer.serialize();
  if (!shared_ids) return entry;
  auto id = shared_ids->ids_.find(layer.state().get());
  if (id != shared_ids->ids_.end()) entry["shared_object_id"] = id->second;
  return entry;
}

LayerPtr layer_from_entry(const Config& entry) {
  const Config* id = entry.find("shared_object_id");
  bool shared = shared_objects && id && id->is_int();
  if (shared)
    if (auto known = shared_objects->layers_.find(id->as_int()); known != shared_objects->layers_.end())
      return known->second;
  LayerPtr layer = layer_from_config(entry);
  if (shared_objects) check_options(entry, *layer);
  if (shared) shared_objects->layers_[id->as_int()] = layer;
  return layer;
}

}  // namespace hornbeam
