# The library that compiled models carry, as bitcode for each target: codegen/aot/support_bitcode.cc takes it in. clang
# makes it whatever compiler builds the rest: bitcode is of one LLVM version.
find_program(HORNBEAM_CLANG NAMES clang-22 clang HINTS ${LLVM_TOOLS_BINARY_DIR} REQUIRED)
find_program(HORNBEAM_LLVM_LINK NAMES llvm-link-22 llvm-link HINTS ${LLVM_TOOLS_BINARY_DIR} REQUIRED)

set(support_folder ${CMAKE_CURRENT_SOURCE_DIR}/aot/support)
set(support_output ${CMAKE_CURRENT_BINARY_DIR}/aot_support)
file(MAKE_DIRECTORY ${support_output})
file(GLOB support_headers CONFIGURE_DEPENDS ${support_folder}/*.h ${support_folder}/exe/*.h)
file(GLOB support_common CONFIGURE_DEPENDS ${support_folder}/*.c)
list(FILTER support_common EXCLUDE REGEX "/(cpu|math|double)_[a-z0-9_]*\\.c$")
file(GLOB support_math CONFIGURE_DEPENDS ${support_folder}/math_*.c)
file(GLOB support_double CONFIGURE_DEPENDS ${support_folder}/double_*.c)
file(GLOB support_program CONFIGURE_DEPENDS ${support_folder}/exe/*.c)
list(FILTER support_program EXCLUDE REGEX "/system_[a-z0-9_]*\\.c$")

set(support_flags -std=c17 -Wall -Wextra -ffreestanding -fno-builtin -fvisibility=hidden -fPIC -ffp-contract=off
  -fno-stack-protector -fno-asynchronous-unwind-tables)

# hornbeam_support(NAME TRIPLE SOURCES...): NAME.bc of these sources.
function(hornbeam_support name triple)
  set(level -Os)
  if(name MATCHES "_(math|double)$")
    set(level -O2)
  endif()
  set(parts)
  foreach(source IN LISTS ARGN)
    get_filename_component(stem ${source} NAME_WE)
    set(part ${support_output}/${name}.${stem}.bc)
    add_custom_command(OUTPUT ${part} DEPENDS ${source} ${support_headers} VERBATIM
      COMMAND ${HORNBEAM_CLANG} --target=${triple} ${level} ${support_flags} -I${support_folder}
        -emit-llvm -c ${source} -o ${part})
    list(APPEND parts ${part})
  endforeach()
  add_custom_command(OUTPUT ${support_output}/${name}.bc DEPENDS ${parts} VERBATIM
    COMMAND ${HORNBEAM_LLVM_LINK} ${parts} -o ${support_output}/${name}.bc)
endfunction()

set(support_files)
foreach(architecture x86_64 aarch64 wasm32)
  set(triple ${architecture}-unknown-linux-gnu)
  if(architecture STREQUAL "wasm32")
    set(triple wasm32-unknown-unknown)
  endif()
  set(sources ${support_common} ${support_folder}/cpu_${architecture}.c)
  hornbeam_support(${architecture} ${triple} ${sources})
  hornbeam_support(${architecture}_math ${triple} ${support_math})
  hornbeam_support(${architecture}_double ${triple} ${support_double})
  list(APPEND support_files ${support_output}/${architecture}.bc ${support_output}/${architecture}_math.bc
    ${support_output}/${architecture}_double.bc)
  if(NOT architecture STREQUAL "wasm32")
    list(APPEND sources ${support_program} ${support_folder}/exe/system_${architecture}.c)
    hornbeam_support(${architecture}_exe ${triple} ${sources})
    list(APPEND support_files ${support_output}/${architecture}_exe.bc)
  endif()
endforeach()

set_source_files_properties(${CMAKE_CURRENT_SOURCE_DIR}/aot/support_bitcode.cc PROPERTIES
  OBJECT_DEPENDS "${support_files}" COMPILE_DEFINITIONS HORNBEAM_SUPPORT_DIR="${support_output}")
