// Decodes call arguments.
#include "test/conformance/arguments_support.h"

#include <algorithm>

namespace hornbeam::conformance {
using nlohmann::json;
namespace {

bool has_tensor(const json& tree) {
  if (tree.is_object()) {
    if (tree.contains("$tensor")) return true;
    return std::any_of(tree.begin(), tree.end(), [](const json& value) { return has_tensor(value); });
  }
  return tree.is_array() && std::any_of(tree.begin(), tree.end(), [](const json& value) { return has_tensor(value); });
}

}  // namespace

Config to_config(const json& value) { return Config::parse(value.dump()); }

Arguments::Arguments(const Case& c, const json& args, const json& kwargs) : case_(c), args_(args), kwargs_(kwargs) {
  collect(args_);
  collect(kwargs_);
}

void Arguments::collect(const json& tree) {
  if (tree.is_object()) {
    for (const auto& [key, value] : tree.items()) {
      if (key == "$tensor") {
        if (index_of(value.get<std::string>()) < 0) keys_.push_back(value.get<std::string>());
      } else if (key == "$float" || key == "$slice" || key == "$ellipsis" || key == "$fn") {
        continue;  // plain values, which the function's own entry reads
      } else if (key[0] == '$' && key != "$complex") {
        throw ValueError("[conformance] Arguments with '" + key + "' are not known to this runner");
      } else {
        collect(value);
      }
    }
  } else if (tree.is_array()) {
    for (const json& value : tree) collect(value);
  }
}

int64_t Arguments::index_of(const std::string& key) const {
  auto found = std::find(keys_.begin(), keys_.end(), key);
  return found == keys_.end() ? -1 : found - keys_.begin();
}

Arrays Arguments::arrays() const {
  std::vector<Array> arrays;
  for (const std::string& key : keys_) arrays.push_back(case_.tensor(key));
  return Arrays(std::move(arrays));
}

Tensors Arguments::gather(const json& tree, const Tensors& tensors) const {
  if (tree.is_object() && tree.contains("$tensor"))
    return tensors.flat().at(index_of(tree["$tensor"].get<std::string>()));
  if (tree.is_number()) return Tensor(tree.get<double>());
  if (tree.is_array()) {
    std::vector<Tensor> list;
    for (const json& value : tree)  // flattened, where lists stand in it
      for (const Tensor& tensor : gather(value, tensors)) list.push_back(tensor);
    return Tensors(std::move(list));
  }
  if (tree.is_object()) {
    Tensors map;
    for (const auto& [key, value] : tree.items()) map.set(key, gather(value, tensors).single());
    return map;
  }
  throw ValueError("[conformance] Not a tensor argument: " + tree.dump());
}

Tensors Arguments::positional(size_t i, const Tensors& tensors) const { return gather(args_.at(i), tensors); }

Array Arguments::array(size_t i) const { return case_.tensor(args_.at(i).at("$tensor").get<std::string>()); }

Tensor Arguments::keyword(const std::string& name, const Tensors& tensors) const {
  if (!kwargs_.contains(name) || kwargs_[name].is_null()) return {};
  return gather(kwargs_[name], tensors).single();
}

Tensors Arguments::keyword_tensors(const std::string& name, const Tensors& tensors) const {
  return gather(kwargs_.at(name), tensors);
}

std::vector<std::string> Arguments::tensor_keywords() const {
  std::vector<std::string> names;
  for (const auto& [name, value] : kwargs_.items())
    if (has_tensor(value)) names.push_back(name);
  return names;
}

std::vector<std::string> Arguments::plain_keywords() const {
  std::vector<std::string> names;
  for (const auto& [name, value] : kwargs_.items())
    if (!value.is_null() && !has_tensor(value)) names.push_back(name);
  return names;
}

json Arguments::value(const std::string& name) const { return kwargs_.contains(name) ? kwargs_[name] : json(); }

}  // namespace hornbeam::conformance
