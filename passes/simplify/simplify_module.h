// horn-simplify for those who know no MLIR (tests, tools).
#pragma once

#include <absl/status/status.h>

#include "ir/builder.h"

namespace hornbeam::passes {

// Makes the module's functions fewer and simpler ops with the same results.
absl::Status simplify(ir::Module& module);

}  // namespace hornbeam::passes
