// For which processors a binary's code is made.
#pragma once

#include <vector>

#include <absl/status/statusor.h>
#include <hornbeam/base/target.h>

#include "codegen/compiler.h"

namespace hornbeam::codegen {

// The code of one processor, and the level that a processor must have to run it (HB_LEVEL in support/support.h).
struct Variant {
  Target target;
  int64_t level = 1;
};

// One, or for cpu "all" three on x86-64, the best last. Code for another cpu than "native" does not depend on the
// machine that it is made on.
absl::StatusOr<std::vector<Variant>> variants_of(const BinaryOptions& options);

}  // namespace hornbeam::codegen
