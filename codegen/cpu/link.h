// From relocatable objects to what can be loaded, in memory, with lld inside the process: no file is written. Callable
// from any thread, one link at a time.
#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

namespace hornbeam::codegen {

// A shared object for this process. What the objects do not define must be in libc or libm, and the image names libm as
// needed when it uses it.
absl::StatusOr<std::string> link_shared_object(const std::vector<std::string>& objects);

// The functions of libm that an object calls.
absl::StatusOr<std::vector<std::string>> undefined_symbols(const std::string& object);

// A library to be shipped, named `soname`. That it needs libm is noted in it if it is made for this machine; else the
// program that loads it has to bring libm.
absl::StatusOr<std::string> link_library(const std::string& object, const std::string& soname, bool is_native);

// A static executable that begins at _start.
absl::StatusOr<std::string> link_executable(const std::string& object);

// A WebAssembly module that exports its memory and these functions.
absl::StatusOr<std::string> link_wasm(const std::string& object, const std::vector<std::string>& exported);

}  // namespace hornbeam::codegen
