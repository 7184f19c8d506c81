// Expands horn.gradient ops, for those who know no MLIR (tests, tools).
#pragma once

#include <absl/status/status.h>

#include "ir/builder.h"

namespace hornbeam::passes {

// Every horn.gradient of the module becomes the ops of its region followed by those of its derivatives.
absl::Status expand_gradients(ir::Module& module);

}  // namespace hornbeam::passes
