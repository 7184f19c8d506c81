// For processors without fused multiply-add.
#pragma once

#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

namespace hornbeam::codegen {

// Where the processor has no such instruction (x86-64 before AVX2, WebAssembly), fma becomes a product and a sum: LLVM
// would call a function of libm for every element. The expansions in codegen/math hold without the single rounding,
// too.
void replace_missing_fma(llvm::Module& module, const llvm::TargetMachine& machine);

}  // namespace hornbeam::codegen
