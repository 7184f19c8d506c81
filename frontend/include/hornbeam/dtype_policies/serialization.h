// Dtype policies by name, as serialized objects, and back.
#pragma once

#include <hornbeam/dtype_policy.h>

namespace hornbeam::dtype_policies {

// From a name ("mixed_bfloat16") or a serialized object. Throws ValueError for a name that is not known.
inline DTypePolicy get(const Config& identifier) { return DTypePolicy::from_config(identifier); }
// {"module": "keras", "class_name": "DTypePolicy", …}.
inline Config serialize(const DTypePolicy& policy) { return policy.config(); }
// From what `serialize` gave.
inline DTypePolicy deserialize(const Config& config) { return DTypePolicy::from_config(config); }

}  // namespace hornbeam::dtype_policies
