// Layers as serialized objects and back.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

// {"module", "class_name", "config", "registered_name", "build_config"}.
inline Config serialize(const Layer& layer) { return layer.serialize(); }
// Throws ValueError for a class that is not known.
inline LayerPtr deserialize(const Config& config) { return layer_from_config(config); }

}  // namespace hornbeam::layers
