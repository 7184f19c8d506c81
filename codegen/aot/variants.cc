// Names of targets and processors, worked out.
#include "codegen/aot/variants.h"

#include <absl/strings/str_cat.h>

#include "codegen/cpu/llvm_target.h"
#include "codegen/cpu/target.h"

namespace hornbeam::codegen {
namespace {

constexpr int64_t kBase = 1, kAvx2 = 3, kAvx512 = 4;

absl::StatusOr<std::string> triple_of(const std::string& target) {
  if (target == "x86_64-linux") return "x86_64-unknown-linux-gnu";
  if (target == "aarch64-linux") return "aarch64-unknown-linux-gnu";
  if (target == "wasm32") return "wasm32-unknown-unknown";
  return absl::InvalidArgumentError(
      absl::StrCat("Unknown target \"", target, "\". Use \"x86_64-linux\", \"aarch64-linux\" or \"wasm32\"."));
}

bool is_native(const llvm::Triple& triple) {
  return triple.getArch() == native_triple().getArch() && triple.getOS() == native_triple().getOS();
}

std::string llvm_name(const std::string& cpu, const llvm::Triple& triple) {
  if (triple.isX86()) {
    if (cpu.empty()) return "x86-64";
    if (cpu == "avx2") return "x86-64-v3";
    if (cpu == "avx512") return "x86-64-v4";
  }
  return cpu.empty() ? "generic" : cpu;
}

int64_t level_of(const Target& target, const llvm::Triple& triple) {
  if (!triple.isX86() || target.vector_bytes == 16) return kBase;
  return target.vector_bytes == 64 ? kAvx512 : kAvx2;
}

absl::StatusOr<Variant> make_variant(const std::string& cpu, const llvm::Triple& triple, int num_threads) {
  if (cpu == "native" && !is_native(triple))
    return absl::InvalidArgumentError(
        absl::StrCat("cpu \"native\" is this machine's; the target is ", triple.str(), "."));
  absl::StatusOr<Target> target = resolve_target(llvm_name(cpu, triple), num_threads, triple.str());
  if (!target.ok()) return target.status();
  // What every engine of today has.
  if (triple.isWasm()) target->features = "+simd128,+bulk-memory,+bulk-memory-opt,+nontrapping-fptoint,+sign-ext";
  if (cpu != "native") {
    target->l1_bytes = Target().l1_bytes;
    target->l2_bytes = Target().l2_bytes;
  }
  return Variant{*target, level_of(*target, triple)};
}

}  // namespace

absl::StatusOr<std::vector<Variant>> variants_of(const BinaryOptions& options) {
  std::string name = options.target;
  if (name.empty())
    name = options.emit == "wasm" ? "wasm32" : native_triple().isX86() ? "x86_64-linux" : "aarch64-linux";
  absl::StatusOr<std::string> text = triple_of(name);
  if (!text.ok()) return text.status();
  llvm::Triple triple(*text);
  if ((options.emit == "exe" || options.emit == "shared-lib") && triple.isWasm())
    return absl::InvalidArgumentError(
        absl::StrCat("For the target wasm32 there is no ", options.emit, ". Use \"wasm\", \"obj\" or \"static-lib\"."));
  if (options.emit == "wasm" && !triple.isWasm())
    return absl::InvalidArgumentError(absl::StrCat("\"wasm\" is made for the target wasm32, not ", name, "."));
  int threads = std::max(1, options.num_threads);
  if (triple.isWasm() && threads > 1) return absl::InvalidArgumentError("A wasm32 module runs on one thread.");

  std::vector<std::string> cpus = {options.cpu};
  if (options.cpu == "all") {
    if (!triple.isX86())
      return absl::InvalidArgumentError("cpu \"all\" is for x86_64-linux: other targets need no choice.");
    cpus = {"x86-64", "avx2", "avx512"};
  }
  std::vector<Variant> variants;
  for (const std::string& cpu : cpus) {
    absl::StatusOr<Variant> variant = make_variant(cpu, triple, threads);
    if (!variant.ok()) return variant.status();
    variants.push_back(*variant);
  }
  return variants;
}

}  // namespace hornbeam::codegen
