// Functions of libm for float32, brought along.
#pragma once

#include <absl/status/status.h>
#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

namespace hornbeam::codegen {

// Where the module calls one of libm's functions on float32, or takes a remainder of float32, it gets a function of our
// own (aot/support/float_math.h); the same where it rounds float32 and the processor has no instruction for it. Those
// on double stay libm's.
absl::Status use_own_float_math(llvm::Module& module, const llvm::TargetMachine& machine);

}  // namespace hornbeam::codegen
