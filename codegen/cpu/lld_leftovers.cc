// lld's driver initializes every target that LLVM was built with, and its LTO library asks for Debian's Polly extension.
// Hornbeam links no bitcode: these empty definitions keep the code generators that it does not use and Polly out of the
// library. The targets that it generates code for are excepted here.
#include <llvm/Plugins/PassPlugin.h>

#define X86 X86IsReal
#define AArch64 AArch64IsReal
#define WebAssembly WebAssemblyIsReal

#define HORNBEAM_EMPTY(function) \
  extern "C" void function();    \
  extern "C" void function() {}

// Twice, so that the exceptions above are applied before the names are pasted.
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
