// From a functional model's config to its layer graph.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <hornbeam/config.h>
#include <hornbeam/layer.h>
#include <hornbeam/tensor.h>

namespace hornbeam {

struct RebuiltGraph {
  Tensors inputs, outputs;
  std::vector<std::string> layer_names;  // in the config's order
};

// Makes the layers and calls each as the config says, in an order in which every tensor is there when it is needed.
// Throws ValueError for calls that wait for each other, tensors that no layer makes, and names given twice, and
// NotImplementedError for operations and arguments that are not there.
RebuiltGraph rebuild_graph(const Config& config);

// A layer of a container's list. While a file is read, an object that it names by "shared_object_id" is made once.
LayerPtr layer_from_entry(const Config& entry);

// While a model is written: layers that stand in several of its models get one "shared_object_id", as in Keras.
class SharedLayerIds {
 public:
  explicit SharedLayerIds(const Layer& model);
  ~SharedLayerIds();
  SharedLayerIds(const SharedLayerIds&) = delete;

 private:
  friend Config serialize_entry(const Layer& layer);
  std::map<const void*, int64_t> ids_;
  SharedLayerIds* outer_;
};
// A layer's serialized form for a container's list.
Config serialize_entry(const Layer& layer);

// Objects that a file shares between its models, for as long as it lives on this thread.
class SharedObjects {
 public:
  SharedObjects();
  ~SharedObjects();
  SharedObjects(const SharedObjects&) = delete;

 private:
  friend LayerPtr layer_from_entry(const Config& entry);
  std::map<int64_t, LayerPtr> layers_;
  SharedObjects* outer_;
};

}  // namespace hornbeam
