// Optimizers by name, as serialized objects, and back.
#pragma once

#include <hornbeam/optimizer.h>

namespace hornbeam::optimizers {

// From a name ("adam") or a serialized object; null gives an empty handle. Throws ValueError for a name that is not known,
// with the nearest one.
inline hornbeam::Optimizer get(const Config& identifier) { return hornbeam::Optimizer(identifier); }
// {"module", "class_name", "config", "registered_name"}; null for an empty handle.
inline Config serialize(const hornbeam::Optimizer& optimizer) { return optimizer.config(); }
// From what `serialize` gave.
inline hornbeam::Optimizer deserialize(const Config& config) { return hornbeam::Optimizer(config); }

}  // namespace hornbeam::optimizers
