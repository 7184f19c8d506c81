// Metrics by name, as serialized objects, and back.
#pragma once

#include <hornbeam/metric.h>

namespace hornbeam::metrics {

// From a name ("accuracy") or a serialized object; null gives an empty handle. Throws ValueError for a name that is not known,
// with the nearest one.
inline hornbeam::Metric get(const Config& identifier) { return hornbeam::Metric(identifier); }
// {"module", "class_name", "config", "registered_name"}; null for an empty handle.
inline Config serialize(const hornbeam::Metric& metric) { return metric.config(); }
// From what `serialize` gave.
inline hornbeam::Metric deserialize(const Config& config) { return hornbeam::Metric(config); }

}  // namespace hornbeam::metrics
