// Initializers by name, as serialized objects, and back.
#pragma once

#include <hornbeam/initializer.h>

namespace hornbeam::initializers {

// From a name ("glorot_uniform") or a serialized object; null gives an empty handle. Throws ValueError for a name that is not known,
// with the nearest one.
inline hornbeam::Initializer get(const Config& identifier) { return hornbeam::Initializer(identifier); }
// {"module", "class_name", "config", "registered_name"}; null for an empty handle.
inline Config serialize(const hornbeam::Initializer& initializer) { return initializer.config(); }
// From what `serialize` gave.
inline hornbeam::Initializer deserialize(const Config& config) { return hornbeam::Initializer(config); }

}  // namespace hornbeam::initializers
