# LLVM and MLIR 22, linked statically. Debian's exported MLIR targets pull in the shared libLLVM, so the
# archives are named by path and LLVM's own come from llvm-config.

find_package(MLIR 22.1 REQUIRED CONFIG HINTS /usr/lib/llvm-22/lib/cmake/mlir)
list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)

file(GLOB mlir_archives ${LLVM_LIBRARY_DIR}/libMLIR*.a)
list(FILTER mlir_archives EXCLUDE REGEX "Test|CAPI|Lsp|Reduce|RegisterAll|JitRunner|QueryLib|TblgenLib")
execute_process(COMMAND ${LLVM_TOOLS_BINARY_DIR}/llvm-config --link-static --libfiles core support passes x86 aarch64 webassembly linker lto dtlto option object
  OUTPUT_VARIABLE llvm_archives OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
separate_arguments(llvm_archives NATIVE_COMMAND "${llvm_archives}")
list(FILTER llvm_archives EXCLUDE REGEX "Polly")  # see codegen/cpu/lld_leftovers.cc
set(lld_archives ${LLVM_LIBRARY_DIR}/liblldELF.a ${LLVM_LIBRARY_DIR}/liblldWasm.a ${LLVM_LIBRARY_DIR}/liblldCommon.a)

add_library(hornbeam_mlir_llvm INTERFACE)
target_link_libraries(hornbeam_mlir_llvm INTERFACE
  -Wl,--start-group ${lld_archives} ${mlir_archives} ${llvm_archives} -Wl,--end-group z zstd xml2 ${CMAKE_DL_LIBS} m)
# Folding equal functions saves a sixth of the library, packed relocations half of the time to load it. What runs once,
# when it is loaded (LLVM registers thousands of options), lies together, so that it brings in few pages: 21 MB less.
target_link_options(hornbeam_mlir_llvm INTERFACE -Wl,--gc-sections -Wl,--icf=all -Wl,-z,pack-relative-relocs
  -Wl,-z,keep-text-section-prefix)
