// The processor that code is made for.
#pragma once

#include <string>

#include <absl/status/statusor.h>
#include <hornbeam/base/target.h>

namespace hornbeam::codegen {

// Resolves `cpu` ("native", or an LLVM name such as "x86-64-v3") to a full description: LLVM's cpu name and features, the
// width and number of its vector registers, this machine's cache sizes. `num_threads` 0 means the cores that this process
// may run on. `triple` names another machine, as LLVM does; empty: this one.
absl::StatusOr<Target> resolve_target(const std::string& cpu, int num_threads, const std::string& triple = "");

// "znver5 +avx,+avx2,…": what Program.target holds.
std::string target_string(const Target& target);

}  // namespace hornbeam::codegen
