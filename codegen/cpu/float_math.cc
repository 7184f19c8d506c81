// Renames calls, expands remainders, and links the functions in.
#include "codegen/cpu/float_math.h"

#include <llvm/IR/IRBuilder.h>
#include <llvm/Linker/Linker.h>

#include "codegen/aot/support_bitcode.h"

namespace hornbeam::codegen {
namespace {

bool is_known(llvm::StringRef name) {
  static const char* const kNames[] = {"powf",   "exp2f",  "log2f",  "log10f", "cbrtf",  "sinhf", "coshf",
                                       "asinhf", "acoshf", "atanhf", "sinf",   "cosf",   "tanf",  "asinf",
                                       "acosf",  "atanf",  "atan2f", "fmodf",  "roundf", "erfcf"};
  return llvm::is_contained(kNames, name);
}

// LLVM would call fmodf for each element.
void expand_remainders(llvm::Module& module) {
  std::vector<llvm::Instruction*> remainders;
  for (llvm::Function& function : module)
    for (llvm::BasicBlock& block : function)
      for (llvm::Instruction& instruction : block)
        if (instruction.getOpcode() == llvm::Instruction::FRem && instruction.getType()->getScalarType()->isFloatTy())
          remainders.push_back(&instruction);
  if (remainders.empty()) return;
  llvm::Type* type = llvm::Type::getFloatTy(module.getContext());
  llvm::FunctionCallee fmodf = module.getOrInsertFunction("fmodf", type, type, type);
  for (llvm::Instruction* remainder : remainders) {
    llvm::IRBuilder<> b(remainder);
    llvm::Value *x = remainder->getOperand(0), *y = remainder->getOperand(1), *result;
    if (auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(remainder->getType())) {
      result = llvm::PoisonValue::get(vector);
      for (uint64_t i = 0; i < vector->getNumElements(); ++i)
        result = b.CreateInsertElement(
            result, b.CreateCall(fmodf, {b.CreateExtractElement(x, i), b.CreateExtractElement(y, i)}), i);
    } else {
      result = b.CreateCall(fmodf, {x, y});
    }
    remainder->replaceAllUsesWith(result);
    remainder->eraseFromParent();
  }
}

}  // namespace

absl::Status use_own_float_math(llvm::Module& module, const llvm::Triple& triple) {
  expand_remainders(module);
  std::vector<llvm::Function*> called;
  for (llvm::Function& function : module)
    if (function.isDeclaration() && is_known(function.getName())) called.push_back(&function);
  if (called.empty()) return absl::OkStatus();
  std::vector<std::string> names;  // linking puts other functions in the place of the declarations
  for (llvm::Function* function : called) {
    function->setName("hb_" + function->getName());
    names.push_back(function->getName().str());
  }
  absl::StatusOr<std::unique_ptr<llvm::Module>> library = load_float_math(triple, module.getContext());
  if (!library.ok()) return library.status();
  (*library)->setTargetTriple(module.getTargetTriple());
  (*library)->setDataLayout(module.getDataLayout());
  if (llvm::Linker::linkModules(module, *std::move(library), llvm::Linker::LinkOnlyNeeded))
    return absl::InternalError("The functions on floats could not be linked.");
  for (const std::string& name : names) {
    llvm::Function* linked = module.getFunction(name);
    if (!linked || linked->isDeclaration()) return absl::InternalError("There is no function " + name + ".");
    linked->setVisibility(llvm::GlobalValue::DefaultVisibility);
    linked->setLinkage(llvm::GlobalValue::InternalLinkage);
    linked->setDSOLocal(true);
  }
  return absl::OkStatus();
}

}  // namespace hornbeam::codegen
