// Asks LLVM for the processor's name and features and the system for its cores and caches.
#include "codegen/cpu/target.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include <absl/status/status.h>
#include <absl/strings/str_cat.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/TargetParser/Host.h>

#include "codegen/cpu/llvm_target.h"

namespace hornbeam::codegen {
namespace {

// The host's features in a fixed order: the string is part of what a Program is cached under.
std::string host_features() {
  std::vector<std::string> features;
  for (const auto& feature : llvm::sys::getHostCPUFeatures())
    features.push_back((feature.second ? "+" : "-") + feature.first().str());
  std::sort(features.begin(), features.end(), [](const auto& a, const auto& b) { return a.substr(1) < b.substr(1); });
  std::string joined;
  for (const auto& feature : features) absl::StrAppend(&joined, joined.empty() ? "" : ",", feature);
  return joined;
}

// Asks a processor without a name: one made for an unknown name would complain on stderr.
bool is_known(const llvm::Target& llvm_target, const llvm::Triple& triple, const std::string& cpu) {
  std::unique_ptr<llvm::MCSubtargetInfo> any(llvm_target.createMCSubtargetInfo(triple, "", ""));
  return any && any->isCPUStringValid(cpu);
}

int usable_cores() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1L, sysconf(_SC_NPROCESSORS_ONLN));
}

int64_t cache_bytes(int name, int64_t otherwise) {
  long bytes = sysconf(name);
  return bytes > 0 ? bytes : otherwise;
}

}  // namespace

absl::StatusOr<Target> resolve_target(const std::string& cpu, int num_threads, const std::string& triple_text) {
  Target target;
  target.triple = triple_text;
  const llvm::Triple triple = triple_of(target);
  const llvm::Target* llvm_target = llvm_target_of(triple);
  if (!llvm_target)
    return absl::UnimplementedError(absl::StrCat("Hornbeam has no code generator for ", triple.str(), "."));
  target.cpu = cpu;
  if (cpu == "native") {
    target.cpu = llvm::sys::getHostCPUName().str();
    target.features = host_features();
  }
  if (!is_known(*llvm_target, triple, target.cpu))
    return absl::InvalidArgumentError(
        absl::StrCat("Unknown cpu \"", cpu, "\". Use \"native\" or a name that LLVM knows."));
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget(
      llvm_target->createMCSubtargetInfo(triple, target.cpu, target.features));
  bool x86 = triple.isX86();
  bool avx512 = x86 && subtarget->checkFeatures("+avx512f");
  target.vector_bytes = avx512 ? 64 : x86 && subtarget->checkFeatures("+avx2") ? 32 : 16;
  target.vector_registers = avx512 || triple.isAArch64() ? 32 : 16;
  target.l1_bytes = cache_bytes(_SC_LEVEL1_DCACHE_SIZE, target.l1_bytes);
  target.l2_bytes = cache_bytes(_SC_LEVEL2_CACHE_SIZE, target.l2_bytes);
  target.threads = num_threads > 0 ? num_threads : usable_cores();
  return target;
}

std::string target_string(const Target& target) {
  return target.features.empty() ? target.cpu : absl::StrCat(target.cpu, " ", target.features);
}

}  // namespace hornbeam::codegen
