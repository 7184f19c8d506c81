// The room's door: horn in, a Program out.
#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>
#include <hornbeam/runtime/program.h>

#include "ir/builder.h"

namespace hornbeam::codegen {

struct CompileOptions {
  int num_threads = 0;    // the most threads an entry may use; 0: all cores of this machine
  std::string cpu = "native";
  int64_t work_worth_sharing = 0;  // see Target; 0: its default. 1 makes threads share every kernel (tests)
  std::string dump_dir;   // the IR after each stage is written here, numbered, if not empty
};

// Compiles every function of the module to an entry of that name: gradient expansion, simplification, step fusion, layer
// fusion, lowering, code generation. `state` is laid out (runtime::lay_out) and names every state argument. Kernels are
// shared between the entries of a module, so functions that differ in batch size alone cost little more than one.
absl::StatusOr<runtime::Program> compile(ir::Module module, std::vector<runtime::StateVariable> state,
                                         const CompileOptions& options = {});

}  // namespace hornbeam::codegen
