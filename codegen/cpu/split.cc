// Divides an LLVM module, so that its code is generated on several cores.
#include "codegen/cpu/split.h"

#include <algorithm>

#include <llvm/ADT/DenseMap.h>
#include <llvm/Bitcode/BitcodeWriter.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Transforms/Utils/Cloning.h>
#include <llvm/Transforms/Utils/ValueMapper.h>

namespace hornbeam::codegen {
namespace {

// About 60 ms of code generation each. Dividing costs some 10 ms of processor time; parts of 1000 instructions cost 40.
constexpr size_t kInstructionsPerPart = 3000;
constexpr size_t kMostParts = 16;

// Largest functions first, each to the part with the least so far.
std::vector<llvm::DenseMap<const llvm::GlobalValue*, bool>> distribute(llvm::Module& module, size_t parts) {
  std::vector<std::pair<size_t, llvm::Function*>> functions;
  for (llvm::Function& function : module)
    if (!function.isDeclaration()) functions.push_back({function.getInstructionCount(), &function});
  std::sort(functions.begin(), functions.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second->getName() < b.second->getName();
  });
  std::vector<llvm::DenseMap<const llvm::GlobalValue*, bool>> members(parts);
  std::vector<size_t> load(parts, 0);
  for (auto [size, function] : functions) {
    size_t part = std::min_element(load.begin(), load.end()) - load.begin();
    load[part] += size;
    members[part][function] = true;
  }
  return members;
}

}  // namespace

std::vector<std::string> split_to_bitcode(llvm::Module& module) {
  size_t parts = std::min<size_t>(module.getInstructionCount() / kInstructionsPerPart, kMostParts);
  if (parts < 2 || !module.global_empty()) return {};
  for (llvm::Function& function : module)
    if (function.hasLocalLinkage()) {
      function.setLinkage(llvm::GlobalValue::ExternalLinkage);
      function.setVisibility(llvm::GlobalValue::HiddenVisibility);
      function.setDSOLocal(true);
    }
  std::vector<std::string> result;
  for (const auto& members : distribute(module, parts)) {
    llvm::ValueToValueMapTy map;
    std::unique_ptr<llvm::Module> part =
        llvm::CloneModule(module, map, [&](const llvm::GlobalValue* value) { return members.contains(value); });
    result.emplace_back();
    llvm::raw_string_ostream stream(result.back());
    llvm::WriteBitcodeToFile(*part, stream);
  }
  return result;
}

}  // namespace hornbeam::codegen
