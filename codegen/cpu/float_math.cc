// Renames calls, expands remainders and roundings, and links the functions in.
#include "codegen/cpu/float_math.h"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/Linker/Linker.h>
#include <llvm/MC/MCSubtargetInfo.h>

#include "codegen/aot/support_bitcode.h"

namespace hornbeam::codegen {
namespace {

bool is_of_float(llvm::StringRef name) {
  static const char* const kNames[] = {"powf",   "exp2f",  "log2f",  "log10f", "cbrtf",  "sinhf",
                                       "coshf",  "asinhf", "acoshf", "atanhf", "sinf",   "cosf",
                                       "tanf",   "asinf",  "acosf",  "atanf",  "atan2f", "fmodf",
                                       "roundf", "erfcf",  "truncf", "floorf", "ceilf",  "roundevenf"};
  return llvm::is_contained(kNames, name);
}

bool is_of_double(llvm::StringRef name) {
  static const char* const kNames[] = {"pow",  "exp",   "exp2",  "expm1", "log",   "log1p",    "log2",  "log10",
                                       "cbrt", "sinh",  "cosh",  "tanh",  "asinh", "acosh",    "atanh", "erf",
                                       "erfc", "sin",   "cos",   "tan",   "asin",  "acos",     "atan",  "atan2",
                                       "fmod", "round", "trunc", "floor", "ceil",  "roundeven"};
  return llvm::is_contained(kNames, name);
}

// The function that LLVM would call for each element of what the instruction computes, by its name for float32; null if
// there is an instruction.
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

// Remainders and roundings become calls, element by element.
void expand_to_calls(llvm::Module& module, bool has_rounding) {
  std::vector<std::pair<llvm::Instruction*, const char*>> found;
  for (llvm::Function& function : module)
    for (llvm::BasicBlock& block : function)
      for (llvm::Instruction& instruction : block)
        if (const char* name = function_for(instruction, has_rounding);
            name && (instruction.getType()->getScalarType()->isFloatTy() ||
                     instruction.getType()->getScalarType()->isDoubleTy()))
          found.emplace_back(&instruction, name);
  for (auto [instruction, float_name] : found) {
    llvm::IRBuilder<> b(instruction);
    llvm::Type* type = instruction->getType()->getScalarType();
    llvm::StringRef name = float_name;
    if (type->isDoubleTy()) name = name.drop_back();
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

// Gives the functions of one library that the module calls their names in it, and links them in.
absl::Status link_own(llvm::Module& module, const llvm::Triple& triple, bool doubles) {
  std::vector<llvm::Function*> called;
  for (llvm::Function& function : module)
    if (function.isDeclaration() && (doubles ? is_of_double(function.getName()) : is_of_float(function.getName())))
      called.push_back(&function);
  if (called.empty()) return absl::OkStatus();
  std::vector<std::string> names;  // linking puts other functions in the place of the declarations
  for (llvm::Function* function : called) {
    function->setName("hb_" + function->getName());
    names.push_back(function->getName().str());
  }
  absl::StatusOr<std::unique_ptr<llvm::Module>> library = load_math(triple, doubles, module.getContext());
  if (!library.ok()) return library.status();
  (*library)->setTargetTriple(module.getTargetTriple());
  (*library)->setDataLayout(module.getDataLayout());
  std::vector<std::string> parts;  // what the library's files have from each other
  for (const llvm::Function& function : **library)
    if (!function.isDeclaration() && !function.hasLocalLinkage()) parts.push_back(function.getName().str());
  if (llvm::Linker::linkModules(module, *std::move(library), llvm::Linker::LinkOnlyNeeded))
    return absl::InternalError("The functions on floats could not be linked.");
  for (const std::string& name : names)
    if (llvm::Function* linked = module.getFunction(name); !linked || linked->isDeclaration())
      return absl::InternalError("There is no function " + name + ".");
  for (const std::string& name : parts) {
    llvm::Function* linked = module.getFunction(name);
    if (!linked || linked->isDeclaration()) continue;
    linked->setVisibility(llvm::GlobalValue::DefaultVisibility);
    linked->setLinkage(llvm::GlobalValue::InternalLinkage);
    linked->setDSOLocal(true);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status use_own_float_math(llvm::Module& module, const llvm::TargetMachine& machine) {
  const llvm::Triple& triple = machine.getTargetTriple();
  expand_to_calls(module, !triple.isX86() || machine.getMCSubtargetInfo()->checkFeatures("+sse4.1"));
  for (bool doubles : {false, true})
    if (absl::Status status = link_own(module, triple, doubles); !status.ok()) return status;
  return absl::OkStatus();
}

}  // namespace hornbeam::codegen
