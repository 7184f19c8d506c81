// lld's driver initializes every target that LLVM was built with, and its LTO library asks for Debian's Polly extension.
// Hornbeam links neither bitcode nor objects of other machines: these empty definitions keep 19 code generators and
// Polly out of the library. (A target that Hornbeam generates code for must be excepted here.)
#include <llvm/Plugins/PassPlugin.h>

#if defined(__x86_64__)
#define X86 NativeIsReal
#elif defined(__aarch64__)
#define AArch64 NativeIsReal
#endif

#define HORNBEAM_EMPTY(function) \
  extern "C" void function();    \
  extern "C" void function() {}

// Twice, so that the exception above is applied before the names are pasted.
#define HORNBEAM_TARGET(name)                   \
  HORNBEAM_EMPTY(LLVMInitialize##name##Target) \
  HORNBEAM_EMPTY(LLVMInitialize##name##TargetInfo) \
  HORNBEAM_EMPTY(LLVMInitialize##name##TargetMC)
#define LLVM_TARGET(name) HORNBEAM_TARGET(name)
#include <llvm/Config/Targets.def>

#define HORNBEAM_ASM_PRINTER(name) HORNBEAM_EMPTY(LLVMInitialize##name##AsmPrinter)
#define LLVM_ASM_PRINTER(name) HORNBEAM_ASM_PRINTER(name)
#include <llvm/Config/AsmPrinters.def>

#define HORNBEAM_ASM_PARSER(name) HORNBEAM_EMPTY(LLVMInitialize##name##AsmParser)
#define LLVM_ASM_PARSER(name) HORNBEAM_ASM_PARSER(name)
#include <llvm/Config/AsmParsers.def>

llvm::PassPluginLibraryInfo getPollyPluginInfo();
llvm::PassPluginLibraryInfo getPollyPluginInfo() { return {LLVM_PLUGIN_API_VERSION, "none", "", nullptr, nullptr}; }
