// The runner of layers that work on strings: they run on the host, so both paths are one.
#include <hornbeam/base/strings.h>
#include <hornbeam/layers/adaptable.h>
#include <hornbeam/layers/host_layer.h>
#include <hornbeam/layers/string_lookup.h>
#include <hornbeam/layers/text_vectorization.h>

#include "test/conformance/report_support.h"

namespace hornbeam::conformance {
using nlohmann::json;
namespace {

void flatten(const json& nested, Shape& shape, std::vector<std::string>& values, int64_t depth = 0) {
  if (nested.is_string()) return values.push_back(nested.get<std::string>());
  if (shape.rank() <= depth) shape.push_back(static_cast<int64_t>(nested.size()));
  for (const json& each : nested) flatten(each, shape, values, depth + 1);
}

// {"$strings": nested lists} or {"$tensor": key}.
Array array_of(const Case& c, const json& argument) {
  if (argument.contains("$tensor")) return c.tensor(argument["$tensor"].get<std::string>());
  Shape shape;
  std::vector<std::string> values;
  flatten(argument.at("$strings"), shape, values);
  return strings(shape, std::move(values));
}

json nested(std::span<const std::string> values, const Shape& shape, int64_t axis, size_t& at) {
  if (axis == shape.rank()) return values[at++];
  json list = json::array();
  for (int64_t i = 0; i < shape[axis]; ++i) list.push_back(nested(values, shape, axis + 1, at));
  return list;
}

template <class L>
void check_vocabulary(const Case& c, const Layer& layer, Report& report) {
  const auto* lookup = dynamic_cast<const L*>(&layer);
  if (!lookup || !c.json().at("results").contains("vocabulary")) return;
  if (c.json()["results"]["vocabulary"] != json(lookup->get_vocabulary()))
    report.add("another vocabulary: " + json(lookup->get_vocabulary()).dump());
}

}  // namespace

bool check_host_layer(const Case& c, const LayerPtr& layer, Report& report) {
  const auto* host = dynamic_cast<const layers::HostLayer*>(layer.get());
  if (!host) return false;
  if (c.json().contains("adapt")) dynamic_cast<layers::Adaptable&>(*layer).adapt(array_of(c, c.json()["adapt"]));
  size_t number = 0;
  for (const json& call : c.json().at("calls")) {
    const json& argument = call.at("args").at(0);
    std::vector<Tensor> inputs;
    if (argument.is_array())
      for (const json& each : argument) inputs.push_back(array_of(c, each));
    else
      inputs.push_back(array_of(c, argument));
    Array output = layer->invoke(inputs.size() == 1 ? Tensors(inputs[0]) : Tensors(inputs)).single().array();
    if (output.dtype() != DType::string) {
      report.output("y" + std::to_string(number++), output);
      continue;
    }
    size_t at = 0;
    json got = nested(strings_of(output), output.shape(), 0, at);
    const json& wanted = c.json().at("results").at("json");
    if (got != wanted && json::array({got}) != wanted) report.add("other strings: " + got.dump());
  }
  check_vocabulary<layers::StringLookup>(c, *layer, report);
  check_vocabulary<layers::TextVectorization>(c, *layer, report);
  return true;
}

}  // namespace hornbeam::conformance
