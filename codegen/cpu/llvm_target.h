// LLVM's code generator for the machine that the process runs on, initialized when first asked for.
#pragma once

#include <memory>

#include <hornbeam/base/target.h>
#include <llvm/Support/CodeGen.h>
#include <llvm/Target/TargetMachine.h>
#include <llvm/TargetParser/Triple.h>

namespace hornbeam::codegen {

const llvm::Triple& native_triple();
const llvm::Target* native_llvm_target();  // null if this LLVM was built without it

// Makes position-independent code. Fused multiply-add is formed only where an instruction is marked `contract`.
std::unique_ptr<llvm::TargetMachine> make_target_machine(const Target& target, llvm::CodeGenOptLevel level);

}  // namespace hornbeam::codegen
