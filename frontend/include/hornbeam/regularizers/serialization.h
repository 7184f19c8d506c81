// Regularizers by name, as serialized objects, and back.
#pragma once

#include <hornbeam/regularizer.h>

namespace hornbeam::regularizers {

// From a name ("l2") or a serialized object; null gives an empty handle. Throws ValueError for a name that is not known,
// with the nearest one.
inline hornbeam::Regularizer get(const Config& identifier) { return hornbeam::Regularizer(identifier); }
// {"module", "class_name", "config", "registered_name"}; null for an empty handle.
inline Config serialize(const hornbeam::Regularizer& regularizer) { return regularizer.config(); }
// From what `serialize` gave.
inline hornbeam::Regularizer deserialize(const Config& config) { return hornbeam::Regularizer(config); }

}  // namespace hornbeam::regularizers
