// Bitcode in the data of Hornbeam's library: codegen/aot/CMakeLists.txt makes the files and says where they are.
#include "codegen/aot/support_bitcode.h"

#include <string_view>

#include <absl/strings/str_cat.h>
#include <llvm/Bitcode/BitcodeReader.h>

// The assembler reads the file: a compiler would take seconds for the same bytes as numbers.
#define HORNBEAM_EMBED(name)                                                             \
  asm(".section .rodata\n"                                                               \
      ".hidden hornbeam_support_" #name                                                  \
      "\n"                                                                               \
      ".hidden hornbeam_support_" #name                                                  \
      "_end\n"                                                                           \
      ".global hornbeam_support_" #name                                                  \
      "\n"                                                                               \
      ".global hornbeam_support_" #name                                                  \
      "_end\n"                                                                           \
      ".balign 16\n"                                                                     \
      "hornbeam_support_" #name                                                          \
      ":\n"                                                                              \
      ".incbin \"" HORNBEAM_SUPPORT_DIR "/" #name                                        \
      ".bc\"\n"                                                                          \
      "hornbeam_support_" #name                                                          \
      "_end:\n"                                                                          \
      ".previous\n");                                                                    \
  extern "C" __attribute__((visibility("hidden"))) const char hornbeam_support_##name[]; \
  extern "C" __attribute__((visibility("hidden"))) const char hornbeam_support_##name##_end[];

HORNBEAM_EMBED(x86_64)
HORNBEAM_EMBED(x86_64_exe)
HORNBEAM_EMBED(x86_64_math)
HORNBEAM_EMBED(x86_64_double)
HORNBEAM_EMBED(aarch64)
HORNBEAM_EMBED(aarch64_exe)
HORNBEAM_EMBED(aarch64_math)
HORNBEAM_EMBED(aarch64_double)
HORNBEAM_EMBED(wasm32)
HORNBEAM_EMBED(wasm32_math)
HORNBEAM_EMBED(wasm32_double)

namespace hornbeam::codegen {
namespace {

#define HORNBEAM_BYTES(name) std::string_view(hornbeam_support_##name, hornbeam_support_##name##_end)

std::string_view library_for(const llvm::Triple& triple, bool executable) {
  if (triple.isX86()) return executable ? HORNBEAM_BYTES(x86_64_exe) : HORNBEAM_BYTES(x86_64);
  if (triple.isAArch64()) return executable ? HORNBEAM_BYTES(aarch64_exe) : HORNBEAM_BYTES(aarch64);
  if (triple.isWasm()) return HORNBEAM_BYTES(wasm32);
  return {};
}

std::string_view math_for(const llvm::Triple& triple, bool doubles) {
  if (triple.isX86()) return doubles ? HORNBEAM_BYTES(x86_64_double) : HORNBEAM_BYTES(x86_64_math);
  if (triple.isAArch64()) return doubles ? HORNBEAM_BYTES(aarch64_double) : HORNBEAM_BYTES(aarch64_math);
  if (triple.isWasm()) return doubles ? HORNBEAM_BYTES(wasm32_double) : HORNBEAM_BYTES(wasm32_math);
  return {};
}

absl::StatusOr<std::unique_ptr<llvm::Module>> parse(std::string_view bytes, const llvm::Triple& triple,
                                                    llvm::LLVMContext& context) {
  if (bytes.empty())
    return absl::UnimplementedError(absl::StrCat("There is no support library for ", triple.str(), "."));
  auto module =
      llvm::parseBitcodeFile(llvm::MemoryBufferRef(llvm::StringRef(bytes.data(), bytes.size()), "support"), context);
  if (!module) return absl::InternalError(llvm::toString(module.takeError()));
  return std::move(*module);
}

}  // namespace

absl::StatusOr<std::unique_ptr<llvm::Module>> load_support(const llvm::Triple& triple, bool executable,
                                                           llvm::LLVMContext& context) {
  return parse(library_for(triple, executable), triple, context);
}

absl::StatusOr<std::unique_ptr<llvm::Module>> load_math(const llvm::Triple& triple, bool doubles, llvm::LLVMContext& context) {
  return parse(math_for(triple, doubles), triple, context);
}

}  // namespace hornbeam::codegen
