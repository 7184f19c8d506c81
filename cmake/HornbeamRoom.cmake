# What every room shares: flags, include paths, and the two ways a room is built.

add_library(hornbeam_flags INTERFACE)
target_compile_options(hornbeam_flags INTERFACE
  -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers -ffunction-sections -fdata-sections)
target_include_directories(hornbeam_flags INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
target_link_options(hornbeam_flags INTERFACE -fuse-ld=lld)

# hornbeam_precompile(TARGET HEADER): for the target's C++ sources. Reading the standard library's headers is half of what
# most of them cost. ccache needs precompiled headers without times.
function(hornbeam_precompile target header)
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,Clang>:-Xclang -fno-pch-timestamp>)
  target_precompile_headers(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:${CMAKE_SOURCE_DIR}/${header}>)
endfunction()

# hornbeam_room(NAME [MLIR] [SOURCES ...] [LINK ...]): the static library hornbeam_NAME. Rooms that speak MLIR
# are built without exceptions and share one precompiled header (made by the room ir).
function(hornbeam_room name)
  cmake_parse_arguments(ROOM "MLIR" "" "SOURCES;LINK" ${ARGN})
  add_library(hornbeam_${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(hornbeam_${name} PUBLIC hornbeam_flags ${ROOM_LINK})
  if(ROOM_MLIR)
    target_compile_options(hornbeam_${name} PRIVATE -fno-exceptions -Xclang -fno-pch-timestamp)
    target_include_directories(hornbeam_${name} SYSTEM PRIVATE ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
    if(name STREQUAL "ir")
      target_precompile_headers(hornbeam_ir PRIVATE ${CMAKE_SOURCE_DIR}/ir/pch.h)
    else()
      target_precompile_headers(hornbeam_${name} REUSE_FROM hornbeam_ir)
      add_dependencies(hornbeam_${name} hornbeam_tablegen)
    endif()
  else()
    hornbeam_precompile(hornbeam_${name} cmake/std_pch.h)
  endif()
endfunction()
