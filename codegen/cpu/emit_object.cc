// Translation to LLVM IR, two cleaning passes and the code generator.
#include "codegen/cpu/emit_object.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include <absl/strings/str_cat.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Transforms/Scalar.h>
#include <llvm/Transforms/Utils/Cloning.h>
#include <mlir/Target/LLVMIR/Export.h>

#include "codegen/cpu/float_math.h"
#include "codegen/cpu/llvm_target.h"
#include "codegen/cpu/replace_fma.h"
#include "codegen/cpu/split.h"

namespace hornbeam::codegen {
namespace {

void set_target(llvm::Module& module, const Target& target, const llvm::TargetMachine& machine) {
  module.setTargetTriple(machine.getTargetTriple());
  module.setDataLayout(machine.createDataLayout());
  for (llvm::Function& function : module) {
    if (function.isDeclaration()) continue;
    function.addFnAttr("target-cpu", target.cpu);
    if (!target.features.empty()) function.addFnAttr("target-features", target.features);
    // LLVM splits 64-byte vectors in two on most cpus unless told otherwise.
    function.addFnAttr("prefer-vector-width", absl::StrCat(8 * target.vector_bytes));
    function.addFnAttr("no-trapping-math", "true");
    function.setDoesNotThrow();
    function.setUWTableKind(llvm::UWTableKind::None);
  }
}

// Measured on train steps (MLP, CNN): these two give the code the speed that O1 and O3 give it.
void add_cleaning(llvm::legacy::PassManager& passes) {
  passes.add(llvm::createEarlyCSEPass());
  passes.add(llvm::createLICMPass());
}

absl::StatusOr<std::string> generate(llvm::Module& module, const Target& target, llvm::CodeGenFileType kind) {
  std::unique_ptr<llvm::TargetMachine> machine = make_target_machine(target, llvm::CodeGenOptLevel::Less);
  llvm::SmallString<0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  llvm::legacy::PassManager passes;
  if (machine->addPassesToEmitFile(passes, stream, nullptr, kind))
    return absl::InternalError("LLVM cannot write an object for this machine.");
  passes.run(module);
  return std::string(bytes);
}

absl::StatusOr<std::string> generate_part(const std::string& bitcode, const Target& target) {
  llvm::LLVMContext context;
  auto part = llvm::parseBitcodeFile(llvm::MemoryBufferRef(bitcode, "part"), context);
  if (!part) return absl::InternalError(llvm::toString(part.takeError()));
  return generate_object(**part, target);
}

absl::StatusOr<std::vector<std::string>> generate_parts(const std::vector<std::string>& parts, const Target& target) {
  std::vector<absl::StatusOr<std::string>> results(parts.size());
  std::atomic<size_t> next = 0;
  auto work = [&] {
    for (size_t i; (i = next++) < parts.size();) results[i] = generate_part(parts[i], target);
  };
  std::vector<std::thread> workers(std::min<size_t>(parts.size(), std::max(1, target.threads)) - 1);
  for (std::thread& worker : workers) worker = std::thread(work);
  work();
  for (std::thread& worker : workers) worker.join();
  std::vector<std::string> objects;
  for (absl::StatusOr<std::string>& result : results) {
    if (!result.ok()) return result.status();
    objects.push_back(*std::move(result));
  }
  return objects;
}

}  // namespace

std::string text_of(const llvm::Module& module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  module.print(stream, nullptr);
  return text;
}

absl::StatusOr<std::string> generate_object(llvm::Module& module, const Target& target) {
  return generate(module, target, llvm::CodeGenFileType::ObjectFile);
}

absl::StatusOr<std::string> generate_assembly(llvm::Module& module, const Target& target) {
  return generate(module, target, llvm::CodeGenFileType::AssemblyFile);
}

absl::StatusOr<std::unique_ptr<llvm::Module>> to_llvm_ir(mlir::ModuleOp module, const Target& target,
                                                         llvm::LLVMContext& context) {
  std::unique_ptr<llvm::Module> ir =
      mlir::translateModuleToLLVMIR(module, context, "hornbeam", /*disableVerification=*/true);
  if (!ir) return absl::InternalError("Translation to LLVM IR failed.");
  std::unique_ptr<llvm::TargetMachine> machine = make_target_machine(target, llvm::CodeGenOptLevel::Less);
  if (absl::Status status = use_own_float_math(*ir, *machine); !status.ok()) return status;
  set_target(*ir, target, *machine);
  replace_missing_fma(*ir, *machine);
  llvm::legacy::PassManager passes;
  add_cleaning(passes);
  passes.run(*ir);
  return ir;
}

absl::StatusOr<std::vector<std::string>> emit_objects(mlir::ModuleOp module, const Target& target,
                                                      const passes::StageObserver& observer) {
  llvm::LLVMContext context;
  absl::StatusOr<std::unique_ptr<llvm::Module>> ir = to_llvm_ir(module, target, context);
  if (!ir.ok()) return ir.status();
  if (observer) {
    observer("llvm_ir", text_of(**ir));
    std::unique_ptr<llvm::Module> copy = llvm::CloneModule(**ir);  // the code generator changes what it is given
    absl::StatusOr<std::string> listing = generate_assembly(*copy, target);
    if (!listing.ok()) return listing.status();
    observer("assembly", *listing);
  }
  std::vector<std::string> parts = split_to_bitcode(**ir);
  if (!parts.empty()) return generate_parts(parts, target);
  absl::StatusOr<std::string> object = generate_object(**ir, target);
  if (!object.ok()) return object.status();
  return std::vector<std::string>{*std::move(object)};
}

}  // namespace hornbeam::codegen
