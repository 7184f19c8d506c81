// LLVM's code generators, initialized when first asked for.
#pragma once

#include <memory>

#include <hornbeam/base/target.h>
#include <llvm/Support/CodeGen.h>
#include <llvm/Target/TargetMachine.h>
#include <llvm/TargetParser/Triple.h>

namespace hornbeam::codegen {

const llvm::Triple& native_triple();
llvm::Triple triple_of(const Target& target);
// Null if Hornbeam has no code generator for it: it has those for x86-64, aarch64 and wasm32.
const llvm::Target* llvm_target_of(const llvm::Triple& triple);

// Makes position-independent code. Fused multiply-add is formed only where an instruction is marked `contract`.
std::unique_ptr<llvm::TargetMachine> make_target_machine(const Target& target, llvm::CodeGenOptLevel level);

}  // namespace hornbeam::codegen
