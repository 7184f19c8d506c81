// LLVM's code generators.
#include "codegen/cpu/llvm_target.h"

#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Target/TargetOptions.h>
#include <llvm/TargetParser/Host.h>

namespace hornbeam::codegen {

const llvm::Triple& native_triple() {
  static const llvm::Triple triple(llvm::sys::getProcessTriple());
  return triple;
}

llvm::Triple triple_of(const Target& target) {
  return target.triple.empty() ? native_triple() : llvm::Triple(target.triple);
}

const llvm::Target* llvm_target_of(const llvm::Triple& triple) {
  static const bool initialized = [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    LLVMInitializeAArch64TargetInfo();
    LLVMInitializeAArch64Target();
    LLVMInitializeAArch64TargetMC();
    LLVMInitializeAArch64AsmPrinter();
    LLVMInitializeWebAssemblyTargetInfo();
    LLVMInitializeWebAssemblyTarget();
    LLVMInitializeWebAssemblyTargetMC();
    LLVMInitializeWebAssemblyAsmPrinter();
    // The support library reads the processor's identity in assembly.
    LLVMInitializeX86AsmParser();
    LLVMInitializeAArch64AsmParser();
    return true;
  }();
  std::string error;
  return initialized ? llvm::TargetRegistry::lookupTarget(triple, error) : nullptr;
}

std::unique_ptr<llvm::TargetMachine> make_target_machine(const Target& target, llvm::CodeGenOptLevel level) {
  llvm::TargetOptions options;
  options.AllowFPOpFusion = llvm::FPOpFusion::Standard;
  llvm::Triple triple = triple_of(target);
  return std::unique_ptr<llvm::TargetMachine>(llvm_target_of(triple)->createTargetMachine(
      triple, target.cpu, target.features, options, llvm::Reloc::PIC_, std::nullopt, level));
}

}  // namespace hornbeam::codegen
