// Constraints by name, as serialized objects, and back.
#pragma once

#include <hornbeam/constraint.h>

namespace hornbeam::constraints {

// From a name ("non_neg") or a serialized object; null gives an empty handle. Throws ValueError for a name that is not known,
// with the nearest one.
inline hornbeam::Constraint get(const Config& identifier) { return hornbeam::Constraint(identifier); }
// {"module", "class_name", "config", "registered_name"}; null for an empty handle.
inline Config serialize(const hornbeam::Constraint& constraint) { return constraint.config(); }
// From what `serialize` gave.
inline hornbeam::Constraint deserialize(const Config& config) { return hornbeam::Constraint(config); }

}  // namespace hornbeam::constraints
