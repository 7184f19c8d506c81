// Names, visibility, and removal of what nobody calls.
#include "codegen/aot/finish_module.h"

#include <absl/strings/str_cat.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Pass.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Transforms/IPO/GlobalDCE.h>
#include <llvm/Transforms/Utils/ModuleUtils.h>

namespace hornbeam::codegen {
namespace {

std::vector<std::string> functions_of(const BinaryOptions& options) {
  if (options.emit == "exe") return {};
  std::vector<std::string> names = {"instance_bytes", "create",     "last_error", "num_weights",
                                    "weight_at",      "get_weight", "set_weight", "load_weights"};
  if (!options.predict.empty()) names.push_back("predict");
  if (!options.train.empty()) names.insert(names.end(), {"train_steps", "shuffle", "metrics", "reset_metrics"});
  if (!options.train_last.empty()) names.push_back("train_last");
  if (options.num_threads > 1) names.push_back("set_threads");
  if (options.emit == "wasm") names.push_back("allocate");
  return names;
}

bool computes_with_half(const llvm::Module& module) {
  auto is_half = [](const llvm::Value* value) { return value->getType()->getScalarType()->isHalfTy(); };
  for (const llvm::Function& function : module)
    for (const llvm::Instruction& instruction : llvm::instructions(function))
      if (is_half(&instruction) || llvm::any_of(instruction.operand_values(), is_half)) return true;
  return false;
}

// The code generator may call these out of nothing.
void keep_called_functions(llvm::Module& module) {
  std::vector<std::string> names = {"memcpy", "memmove", "memset"};
  if (computes_with_half(module)) names.insert(names.end(), {"__extendhfsf2", "__truncsfhf2", "__truncdfhf2"});
  std::vector<llvm::GlobalValue*> kept;
  for (const std::string& name : names)
    if (llvm::Function* function = module.getFunction(name); function && !function->isDeclaration())
      kept.push_back(function);
  llvm::appendToCompilerUsed(module, kept);
}

}  // namespace

std::vector<std::string> exported_symbols(const BinaryOptions& options) {
  std::vector<std::string> names = functions_of(options);
  for (std::string& name : names) name = absl::StrCat(options.prefix, "_", name);
  return names;
}

absl::Status finish_module(llvm::Module& module, const BinaryOptions& options) {
  for (llvm::GlobalValue& value : module.global_values()) {
    if (value.isDeclaration() || value.hasLocalLinkage() || value.getName() == "_start") continue;
    value.setVisibility(llvm::GlobalValue::DefaultVisibility);
    value.setLinkage(llvm::GlobalValue::InternalLinkage);
    value.setDSOLocal(true);
  }
  for (const std::string& name : functions_of(options)) {
    llvm::Function* function = module.getFunction("hb_" + name);
    if (!function) return absl::InternalError(absl::StrCat("The support library lacks hb_", name, "."));
    function->setName(absl::StrCat(options.prefix, "_", name));
    function->setLinkage(llvm::GlobalValue::ExternalLinkage);
  }
  keep_called_functions(module);
  llvm::legacy::PassManager passes;
  passes.add(llvm::createGlobalDCEPass());
  passes.run(module);
  std::string problems;
  llvm::raw_string_ostream stream(problems);
  if (llvm::verifyModule(module, &stream))
    return absl::InternalError(absl::StrCat("The module is not valid: ", problems));
  return absl::OkStatus();
}

}  // namespace hornbeam::codegen
