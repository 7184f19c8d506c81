// Losses by name, as serialized objects, and back.
#pragma once

#include <hornbeam/loss.h>

namespace hornbeam::losses {

// From a name ("mse") or a serialized object; null gives an empty handle. Throws ValueError for a name that is not known,
// with the nearest one.
inline hornbeam::Loss get(const Config& identifier) { return hornbeam::Loss(identifier); }
// {"module", "class_name", "config", "registered_name"}; null for an empty handle.
inline Config serialize(const hornbeam::Loss& loss) { return loss.config(); }
// From what `serialize` gave.
inline hornbeam::Loss deserialize(const Config& config) { return hornbeam::Loss(config); }

}  // namespace hornbeam::losses
