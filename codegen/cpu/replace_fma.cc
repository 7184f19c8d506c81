// Rewrites calls of llvm.fma.
#include "codegen/cpu/replace_fma.h"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/MC/MCSubtargetInfo.h>

namespace hornbeam::codegen {
namespace {

bool has_fma(const llvm::TargetMachine& machine) {
  const llvm::Triple& triple = machine.getTargetTriple();
  if (triple.isX86()) return machine.getMCSubtargetInfo()->checkFeatures("+fma");
  return !triple.isWasm();
}

}  // namespace

void replace_missing_fma(llvm::Module& module, const llvm::TargetMachine& machine) {
  if (has_fma(machine)) return;
  std::vector<llvm::IntrinsicInst*> calls;
  for (llvm::Function& function : module)
    for (llvm::BasicBlock& block : function)
      for (llvm::Instruction& instruction : block)
        if (auto* call = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction);
            call && call->getIntrinsicID() == llvm::Intrinsic::fma)
          calls.push_back(call);
  for (llvm::IntrinsicInst* call : calls) {
    llvm::IRBuilder<> builder(call);
    llvm::Value* product = builder.CreateFMul(call->getArgOperand(0), call->getArgOperand(1));
    call->replaceAllUsesWith(builder.CreateFAdd(product, call->getArgOperand(2)));
    call->eraseFromParent();
  }
}

}  // namespace hornbeam::codegen
