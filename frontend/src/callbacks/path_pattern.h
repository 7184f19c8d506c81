// File names with values in them: "{epoch:02d}-{val_loss:.2f}.keras".
#pragma once

#include <string>

#include <hornbeam/history.h>

namespace hornbeam::callbacks {

// `pattern` with each {name} or {name:spec} replaced as Python's str.format does; integers are those of `counts`, the
// others come from `logs`. A spec is [0][width][.precision][d|e|f|g|%]; {{ and }} are braces. Throws ValueError that
// names `callback` for a name that is not there or a spec that is not understood.
std::string fill_in(const std::string& pattern, const std::vector<std::pair<std::string, int64_t>>& counts,
                    const Logs& logs, const std::string& callback);

}  // namespace hornbeam::callbacks
