// Functions of libm for float32, brought along.
#pragma once

#include <absl/status/status.h>
#include <llvm/IR/Module.h>
#include <llvm/TargetParser/Triple.h>

namespace hornbeam::codegen {

// Where the module calls one of libm's functions on float32, or takes a remainder of float32, it gets a function of our
// own (aot/support/float_math.h). Those on double stay libm's.
absl::Status use_own_float_math(llvm::Module& module, const llvm::Triple& triple);

}  // namespace hornbeam::codegen
