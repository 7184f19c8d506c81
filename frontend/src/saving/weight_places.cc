// Walks a model as keras.src.saving.saving_lib does.
#include "frontend/src/saving/weight_places.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include <hornbeam/input.h>
#include <hornbeam/registry.h>

#include "frontend/src/graph.h"
#include "frontend/src/model/model_state.h"

namespace hornbeam::saving {
namespace {

void set_lora_apart(const Layer& layer, WeightPlace& place) {
  auto is_lora = [](const Variable& variable) { return variable.name().starts_with("lora_"); };
  if (std::none_of(place.variables.begin(), place.variables.end(), is_lora)) return;
  Config config = layer.config();
  const Config *rank = config.find("lora_rank"), *alpha = config.find("lora_alpha");
  if (!rank || !rank->is_number() || !alpha || !alpha->is_number()) return;  // a user's own
  place.lora_scale = alpha->as_double() / rank->as_double();
  std::copy_if(place.variables.begin(), place.variables.end(), std::back_inserter(place.lora), is_lora);
  std::erase_if(place.variables, is_lora);
}

class Walk {
 public:
  std::vector<WeightPlace> places;

  void visit(const Layer& layer, const std::string& path) {
    if (!visited_.insert(layer.state().get()).second) return;
    WeightPlace place{path, layer.name(), "Layer '" + layer.name() + "'", layer.own_variables(), {}};
    set_lora_apart(layer, place);
    for (const auto& seed : layer.seed_generators()) place.seeds.push_back(seed.state());
    place.vocabulary = dynamic_cast<layers::VocabularyLayer*>(const_cast<Layer*>(&layer));
    layers::VocabularyLayer* vocabulary = place.vocabulary;
    places.push_back(std::move(place));
    if (vocabulary && !vocabulary->inner_vocabulary_name().empty())
      places.push_back({join_path(path, vocabulary->inner_vocabulary_name()), "string_lookup",
                        "Layer '" + layer.name() + "'", {}, {}, vocabulary});
    const auto* model = dynamic_cast<const Model*>(&layer);
    bool is_container = model && (model->model_state()->graph || model->class_name() == "Sequential");
    if (is_container) visit_container(model->layers(), join_path(path, "layers"));
    visit_sublayers(layer, path);
  }

 private:
  // Numbers the groups of one container by the class: dense, dense_1, …
  std::string numbered(std::map<std::string, int>& numbers, const Layer& layer) {
    // Keras goes by the name of the Python class, which for one layer is not the one it is known by.
    bool grouped = layer.class_name() == "GroupQueryAttention";
    std::string group = grouped ? "grouped_query_attention" : registry::snake_case(layer.class_name());
    int number = numbers[group]++;
    return number == 0 ? group : group + "_" + std::to_string(number);
  }

  void visit_container(const std::vector<LayerPtr>& layers, const std::string& path) {
    std::map<std::string, int> numbers;
    for (const LayerPtr& layer : layers) visit(*layer, join_path(path, numbered(numbers, *layer)));
  }

  // Attributes go by name; one that ends in '/' is a list, whose members are numbered.
  void visit_sublayers(const Layer& layer, const std::string& path) {
    std::map<std::string, int> unnamed;
    std::map<std::string, std::map<std::string, int>> lists;
    for (const Layer::SubLayer& sub : layer.sublayers()) {
      if (graph::is_op(*sub.layer)) continue;
      if (sub.attribute.empty())
        visit_unnamed(*sub.layer, path, unnamed);
      else if (sub.attribute.back() == '/')
        visit(*sub.layer, join_path(join_path(path, sub.attribute.substr(0, sub.attribute.size() - 1)),
                                    numbered(lists[sub.attribute], *sub.layer)));
      else
        visit(*sub.layer, join_path(path, sub.attribute));
    }
  }

  void visit_unnamed(const Layer& layer, const std::string& path, std::map<std::string, int>& numbers) {
    // Those of a functional or sequential model stand in its container already.
    if (visited_.count(layer.state().get())) return;
    if (dynamic_cast<const layers::InputLayer*>(&layer)) return;
    visit(layer, join_path(path, numbered(numbers, layer)));
  }

  std::set<const void*> visited_;
};

}  // namespace

Array WeightPlace::value(size_t i) const {
  Array value = variables[i].value();
  if (i != 0 || lora.size() != 2) return value;
  Array a = lora[0].value(), b = lora[1].value(), sum(value.dtype(), value.shape());
  int64_t rank = b.shape()[0], columns = b.shape()[1], rows = value.num_elements() / columns;
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t column = 0; column < columns; ++column) {
      double product = 0;
      for (int64_t k = 0; k < rank; ++k) product += a.get(row * rank + k) * b.get(k * columns + column);
      int64_t at = row * columns + column;
      sum.set(at, value.get(at) + lora_scale * product);
    }
  return sum;
}

std::string join_path(const std::string& path, const std::string& name) {
  if (path.empty()) return name;
  return name.empty() ? path : path + "/" + name;
}

std::vector<WeightPlace> weight_places(const Layer& layer) {
  Walk walk;
  walk.visit(layer, "");
  return std::move(walk.places);
}

std::vector<std::string> tracked_optimizer_paths(const Model& model) {
  std::map<std::string, int> numbers;
  std::vector<std::string> paths;
  for (const Optimizer& optimizer : model.tracked_optimizers()) {
    const optimizers::Optimizer& object = *optimizer;
    std::string group = registry::snake_case(registry::class_name(typeid(object)));
    int number = numbers[group]++;
    paths.push_back("tracked_optimizers/" + (number == 0 ? group : group + "_" + std::to_string(number)));
  }
  return paths;
}

WeightPlace optimizer_place(const optimizers::Optimizer& optimizer) {
  return {"optimizer", optimizer.name(), "Optimizer '" + optimizer.name() + "'", optimizer.variables(), {}, nullptr};
}

}  // namespace hornbeam::saving
