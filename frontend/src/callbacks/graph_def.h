// A model's layers as TensorBoard's graph page draws them.
#pragma once

#include <string>

#include <hornbeam/model.h>

namespace hornbeam::callbacks {

// A tensorflow.GraphDef with a node for each call of a layer, models inside spread out under their names. Empty for a model
// without a layer graph.
std::string graph_def(const Model& model);

}  // namespace hornbeam::callbacks
