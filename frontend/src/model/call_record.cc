#include "frontend/src/model/call_record.h"

#include <hornbeam/base/error.h>
#include <hornbeam/model.h>

#include "frontend/src/saving/operations.h"

namespace hornbeam {
namespace {

using graph::Node;

// The elements from `at` on, nested by the remaining axes.
Config nested(const Array& array, int64_t axis, int64_t& at) {
  if (axis == array.shape().rank()) {
    int64_t i = at++;
    if (array.dtype() == DType::boolean) return array.get(i) != 0;
    return is_float(array.dtype()) ? Config(array.get(i)) : Config(array.get_int(i));
  }
  Config list = Config::array();
  for (int64_t i = 0; i < array.shape()[axis]; ++i) list.push_back(nested(array, axis + 1, at));
  return list;
}

template <class F>
Config structured(const Tensors& tree, F f) {
  if (tree.is_single()) return f(tree.single());
  Config out = tree.is_map() ? Config::object() : Config::array();
  for (size_t i = 0; i < tree.size(); ++i) {
    if (tree.is_map())
      out[tree.keys()[i]] = f(tree[i]);
    else
      out.push_back(f(tree[i]));
  }
  return out;
}

bool is_functional(const Layer& layer) {
  return dynamic_cast<const Model*>(&layer) && layer.class_name() == "Functional";
}

const saving::Operation& operation_of(const Node& node) {
  const saving::Operation* operation = saving::find_operation(node.layer->class_name());
  if (!operation)
    throw NotImplementedError("The model uses the operation " + node.layer->class_name() +
                              " between its layers, which a model file cannot hold yet.");
  return *operation;
}

// The axis that follows from the others is None in a shape, and -1 where Keras reshapes.
Config with_minus_one(const Config& shape) {
  Config out = Config::array();
  for (const Config& dim : shape.as_array()) out.push_back(dim.is_null() ? Config(-1) : dim);
  return out;
}

// A plain number where the operation was given one.
Config number_of(const Tensor& tensor, const Node& node) {
  if (!tensor.is_concrete() || tensor.rank() != 0)
    throw NotImplementedError("The operation " + node.layer->class_name() +
                              " of the model has a tensor where a model file can hold numbers only.");
  int64_t at = 0;
  return nested(tensor.array(), 0, at);
}

}  // namespace

Places::Places(const graph::Graph& graph) {
  std::map<const Layer*, int64_t> calls;
  for (const auto& node : graph.nodes) numbers_[node.get()] = calls[node->layer.get()]++;
}

Config Places::of(const Tensor& tensor) const {
  const Node* node = tensor.impl()->node.get();
  return Config::array({node->layer->name(), numbers_.at(node), static_cast<int64_t>(tensor.impl()->index)});
}

Config Places::of_end(const Tensor& tensor) const {
  const Node* node = tensor.impl()->node.get();
  int64_t call = numbers_.at(node) + (is_functional(*node->layer) ? 1 : 0);
  return Config::array({node->layer->name(), call, static_cast<int64_t>(tensor.impl()->index)});
}

Config Places::argument(const Tensor& tensor) const {
  if (!tensor.valid()) return {};
  if (tensor.is_symbolic())
    return Config::object(
        {{"class_name", "__keras_tensor__"},
         {"config",
          Config::object({{"shape", tensor.shape()}, {"dtype", tensor.dtype()}, {"keras_history", of(tensor)}})}});
  if (!tensor.is_concrete() || tensor.impl()->kind == TensorImpl::Kind::variable)
    throw NotImplementedError("The model uses a variable between its layers, which a model file cannot hold.");
  int64_t at = 0;
  Config value = nested(tensor.array(), 0, at);
  if (tensor.impl()->weak) return value;
  return Config::object(
      {{"class_name", "__tensor__"}, {"config", Config::object({{"value", value}, {"dtype", tensor.dtype()}})}});
}

Config Places::operation_call(const Node& node) const {
  const saving::Operation& operation = operation_of(node);
  std::vector<Tensor> inputs = node.inputs.flat();
  inputs.resize(inputs.size() - std::min(inputs.size(), operation.options_last.size()));
  Config args = Config::array();
  for (const Tensor& input : inputs) args.push_back(argument(input));
  if (operation.takes_list) args = Config::array({args});
  if (node.layer->class_name() == "GetItem") {
    Config key = node.layer->config().at("arguments").at("key");
    if (args.size() != 1)
      throw NotImplementedError("The model takes parts of a tensor by another tensor, which a model file cannot hold yet.");
    args.push_back(key);
  }
  return Config::object({{"args", args}, {"kwargs", Config::object()}});
}

Config Places::call(const Node& node) const {
  if (graph::is_op(*node.layer)) return operation_call(node);
  auto to_config = [&](const Tensor& x) { return argument(x); };
  Config kwargs = Config::object();
  for (const auto& [name, tensors] : node.args.tensors) kwargs[name] = structured(tensors, to_config);
  if (node.args.mask) kwargs["mask"] = argument(node.args.mask);
  if (node.args.training) kwargs["training"] = *node.args.training;
  if (node.args.options.is_object())
    for (const auto& [name, value] : node.args.options.as_object()) kwargs[name] = value;
  Config args = Config::array();
  if (node.layer->argument_names().empty() || node.inputs.is_single())
    args.push_back(structured(node.inputs, to_config));
  else
    for (const Tensor& input : node.inputs) args.push_back(argument(input));
  return Config::object({{"args", args}, {"kwargs", kwargs}});
}

Config serialize_operation(const Node& node) {
  const saving::Operation& operation = operation_of(node);
  Config config = Config::object({{"name", node.layer->name()}});
  if (node.layer->class_name() != "GetItem") {
    const Config options = node.layer->config().at("arguments");
    for (const auto& [key, value] : options.as_object()) config[key] = key == "newshape" ? with_minus_one(value) : value;
  }
  const std::vector<Tensor>& inputs = node.inputs.flat();
  size_t first = inputs.size() - std::min(inputs.size(), operation.options_last.size());
  for (size_t i = first; i < inputs.size(); ++i)
    config[operation.options_last[i - first]] = number_of(inputs[i], node);
  return Config::object({{"module", operation.module},
                         {"class_name", node.layer->class_name()},
                         {"config", config},
                         {"registered_name", node.layer->class_name()}});
}

}  // namespace hornbeam
