// Activations by name, as names, and back.
#pragma once

#include <hornbeam/activation.h>

namespace hornbeam::activations {

// From a name ("relu"); null gives the linear one. Throws ValueError for a name that is not known, with the nearest one.
inline Activation get(const Config& identifier) { return Activation::from_config(identifier); }
// Its name.
inline Config serialize(const Activation& activation) { return activation.config(); }
// From what `serialize` gave.
inline Activation deserialize(const Config& config) { return Activation::from_config(config); }

}  // namespace hornbeam::activations
