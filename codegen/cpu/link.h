// From a relocatable object to a shared object, in memory.
#pragma once

#include <string>

#include <absl/status/statusor.h>

namespace hornbeam::codegen {

// Links with lld inside the process; no file is written. What the object does not define must be in libc or libm, and the
// image names libm as needed when it uses it. Callable from any thread, one link at a time.
absl::StatusOr<std::string> link_shared_object(const std::string& object);

}  // namespace hornbeam::codegen
