// Functions of libm for float32 and float64, brought along.
#pragma once

#include <absl/status/status.h>
#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

namespace hornbeam::codegen {

// Where the module calls one of libm's functions, or takes a remainder of floats, it gets a function of our own
// (aot/support/float_math.h and double_math.h); the same where it rounds and the processor has no instruction for it. So
// results do not depend on the C library, and binaries need none.
absl::Status use_own_float_math(llvm::Module& module, const llvm::TargetMachine& machine);

}  // namespace hornbeam::codegen
