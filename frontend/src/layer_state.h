// What copies of a layer share.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <hornbeam/layer.h>
#include <hornbeam/remat.h>

namespace hornbeam {

struct LayerState : std::enable_shared_from_this<LayerState> {
  std::string class_name;
  std::string name;
  DTypePolicy dtype;
  std::string path;       // empty before it is built
  DTypePolicy own_dtype;  // what `dtype` says at that path
  bool trainable = true;
  bool built = false;
  Shapes build_shapes;
  size_t num_trainable = 0;         // of `variables`: made with trainable = true, and first
  std::vector<Variable> variables;  // own ones
  std::vector<random::SeedGenerator> seeds;
  std::vector<Variable> hidden;  // further state that is no weight: the states of stateful recurrent layers
  std::vector<Layer::SubLayer> sublayers;
  std::vector<std::shared_ptr<metrics::Metric>> metrics;
  std::shared_ptr<const RematOptions> remat;  // of the scope in which the layer was made
  // The copy that graphs and containers use. Its own pointer to this state does not count as an owner, so that the two
  // do not keep each other alive; Layer::shared() gives pointers that own the state.
  std::shared_ptr<Layer> self;
};

// The door for the library's own code to a layer's protected part.
struct LayerAccess {
  static void set_class_name(Layer& layer, std::string class_name) { layer.state_->class_name = std::move(class_name); }
  static void check(const Layer& layer, const Shapes& shapes) { layer.check_tensors(shapes); }
  // Makes a trainable variable of a sub-layer the layer's own, too.
  static void share(Layer& layer, const Variable& variable) {
    layer.state_->variables.insert(layer.state_->variables.begin() + layer.state_->num_trainable++, variable);
  }
  static void track(Layer& layer, const Layer& sublayer, std::string attribute = "") {
    layer.track_layer(sublayer, std::move(attribute));
  }
};

// An automatic name: "dense", "dense_1", … counted in the process.
std::string automatic_name(const std::string& class_name);

}  // namespace hornbeam
