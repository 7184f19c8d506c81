// Where Keras keeps a model's variables in its weights files: one group for each layer,
// layers/<class in snake case, numbered within its container>/vars/<i>, and one for the optimizer.
#pragma once

#include <string>
#include <vector>

#include <hornbeam/layers/host_layer.h>
#include <hornbeam/model.h>

namespace hornbeam::saving {

struct WeightPlace {
  std::string path;    // of the group around "vars": "" of the model itself, "layers/dense", "optimizer"
  std::string name;    // of the layer or optimizer; stands in the file as an attribute
  std::string owner;   // for error texts: "Layer 'dense'"
  std::vector<Variable> variables;
  std::vector<Variable> seeds;  // the state of random numbers, which Keras once wrote
  layers::VocabularyLayer* vocabulary = nullptr;  // with its weights, "vars/idf_weights"
  // Low-rank adaptation of the first variable, a and b: Keras writes the variable with lora_scale * a · b added to it, and
  // begins with zeros when it has loaded one.
  std::vector<Variable> lora = {};
  double lora_scale = 0;

  // What a file holds of variable i.
  Array value(size_t i) const;
};

// The places of a layer and all that is in it, each layer once, in Keras' order.
std::vector<WeightPlace> weight_places(const Layer& layer);

// The optimizer's, as far as it has variables.
WeightPlace optimizer_place(const optimizers::Optimizer& optimizer);
// The paths of optimizers that a model tracks: "tracked_optimizers/adam", "tracked_optimizers/adam_1".
std::vector<std::string> tracked_optimizer_paths(const Model& model);

// "layers/dense" and "vars" → "layers/dense/vars"; an empty part is left out.
std::string join_path(const std::string& path, const std::string& name);

}  // namespace hornbeam::saving
