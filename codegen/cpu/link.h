// From relocatable objects to a shared object, in memory.
#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

namespace hornbeam::codegen {

// Links with lld inside the process; no file is written. What the objects do not define must be in libc or libm, and the
// image names libm as needed when it uses it. Callable from any thread, one link at a time.
absl::StatusOr<std::string> link_shared_object(const std::vector<std::string>& objects);

}  // namespace hornbeam::codegen
