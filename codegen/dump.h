// Files with the IR after each stage, for people who look.
#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "passes/pipelines.h"

namespace hornbeam::codegen {

// An observer that writes each stage to "<dir>/<number>_<stage>" with the ending .mlir, .ll or .s, and makes the directory.
// An empty name gives the observer that nobody calls.
absl::StatusOr<passes::StageObserver> make_dumper(const std::string& dir);

}  // namespace hornbeam::codegen
