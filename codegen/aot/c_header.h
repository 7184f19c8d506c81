// The C header of a compiled model.
#pragma once

#include <string>

#include "codegen/aot/describe.h"

namespace hornbeam::codegen {

// Documented declarations of what the binary exports. `needs_libm`: the code calls functions of libm.
std::string c_header(const Description& description, const BinaryOptions& options, bool needs_libm);

}  // namespace hornbeam::codegen
