// LLVM's code generator for the machine that the process runs on.
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

const llvm::Target* native_llvm_target() {
  static const llvm::Target* const target = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    std::string error;
    return llvm::TargetRegistry::lookupTarget(native_triple(), error);
  }();
  return target;
}

std::unique_ptr<llvm::TargetMachine> make_target_machine(const Target& target, llvm::CodeGenOptLevel level) {
  llvm::TargetOptions options;
  options.AllowFPOpFusion = llvm::FPOpFusion::Standard;
  return std::unique_ptr<llvm::TargetMachine>(native_llvm_target()->createTargetMachine(
      native_triple(), target.cpu, target.features, options, llvm::Reloc::PIC_, std::nullopt, level));
}

}  // namespace hornbeam::codegen
