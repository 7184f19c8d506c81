// An .npy from memory, and the same bytes as a .npz file; only IOError may come out.
#include <string_view>

#include <hornbeam/base/error.h>
#include <hornbeam/runtime/data/npy.h>

#include "test/fuzz/memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hornbeam;
  if (size > 1 && data[0] == 'P' && data[1] == 'K') {
    fuzz::MemoryFile file(data, size);
    try {
      runtime::read_npz(file.path());
    } catch (const IOError&) {
    }
    return 0;
  }
  try {
    Array array = runtime::parse_npy({reinterpret_cast<const char*>(data), size}, "fuzz");
    // What was read can be written, and is the same when it is read again.
    Array again = runtime::parse_npy(runtime::serialize_npy(array), "again");
    if (again.shape() != array.shape() || again.dtype() != array.dtype()) __builtin_trap();
  } catch (const IOError&) {
  }
  return 0;
}
