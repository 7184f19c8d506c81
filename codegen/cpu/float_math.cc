// Renames calls, expands remainders and roundings, and links the functions in.
#include "codegen/cpu/float_math.h"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/Linker/Linker.h>
#include <llvm/MC/MCSubtargetInfo.h>

#include "codegen/aot/support_bitcode.h"

namespace hornbeam::codegen {
namespace {

bool is_known(llvm::StringRef name) {
  static const char* const kNames[] = {"powf",   "exp2f",  "log2f",  "log10f", "cbrtf",  "sinhf",
                                       "coshf",  "asinhf", "acoshf", "atanhf", "sinf",   "cosf",
                                       "tanf",   "asinf",  "acosf",  "atanf",  "atan2f", "fmodf",
                                       "roundf", "erfcf",  "truncf", "floorf", "ceilf",  "roundevenf"};
  return llvm::is_contained(kNames, name);
}

// The function that LLVM would call for each element of what the instruction computes; null if there is an instruction.
const char* function_for(const llvm::Instruction& instruction, bool has_rounding) {
  if (instruction.getOpcode() == llvm::Instruction::FRem) return "fmodf";
  auto* call = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction);
  if (!call || has_rounding) return nullptr;
  switch (call->getIntrinsicID()) {
    case llvm::Intrinsic::floor: return "floorf";
    case llvm::Intrinsic::ceil: return "ceilf";
    case llvm::Intrinsic::trunc: return "truncf";
    case llvm::Intrinsic::rint:
    case llvm::Intrinsic::nearbyint:
    case llvm::Intrinsic::roundeven: return "roundevenf";
    default: return nullptr;
  }
}

// Remainders and roundings on float32 become calls, element by element.
void expand_to_calls(llvm::Module& module, bool has_rounding) {
  std::vector<std::pair<llvm::Instruction*, const char*>> found;
  for (llvm::Function& function : module)
    for (llvm::BasicBlock& block : function)
      for (llvm::Instruction& instruction : block)
        if (const char* name = function_for(instruction, has_rounding);
            name && instruction.getType()->getScalarType()->isFloatTy())
          found.emplace_back(&instruction, name);
  llvm::Type* type = llvm::Type::getFloatTy(module.getContext());
  for (auto [instruction, name] : found) {
    llvm::IRBuilder<> b(instruction);
    unsigned operands = instruction->getOpcode() == llvm::Instruction::FRem ? 2 : 1;
    llvm::SmallVector<llvm::Type*> types(operands, type);
    llvm::FunctionCallee callee = module.getOrInsertFunction(name, llvm::FunctionType::get(type, types, false));
    auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(instruction->getType());
    llvm::Value* result = vector ? llvm::PoisonValue::get(vector) : nullptr;
    for (uint64_t i = 0; i < (vector ? vector->getNumElements() : 1); ++i) {
      llvm::SmallVector<llvm::Value*> arguments;
      for (unsigned j = 0; j < operands; ++j) {
        llvm::Value* operand = instruction->getOperand(j);
        arguments.push_back(vector ? b.CreateExtractElement(operand, i) : operand);
      }
      llvm::Value* value = b.CreateCall(callee, arguments);
      result = vector ? b.CreateInsertElement(result, value, i) : value;
    }
    instruction->replaceAllUsesWith(result);
    instruction->eraseFromParent();
  }
}

}  // namespace

absl::Status use_own_float_math(llvm::Module& module, const llvm::TargetMachine& machine) {
  const llvm::Triple& triple = machine.getTargetTriple();
  expand_to_calls(module, !triple.isX86() || machine.getMCSubtargetInfo()->checkFeatures("+sse4.1"));
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
