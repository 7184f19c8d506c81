// Learning-rate schedules as serialized objects and back.
#pragma once

#include <hornbeam/optimizer.h>

namespace hornbeam::schedules {

// {"module", "class_name", "config", "registered_name"}; null for an empty handle.
inline Config serialize(const Schedule& schedule) { return schedule.config(); }
// From what `serialize` gave. Throws ValueError for a class that is not known, with the nearest name.
inline Schedule deserialize(const Config& config) { return Schedule(config); }

}  // namespace hornbeam::schedules
