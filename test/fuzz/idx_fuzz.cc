// An IDX file, plain or gzipped; only IOError may come out.
#include <hornbeam/base/error.h>
#include <hornbeam/runtime/data/idx.h>

#include "test/fuzz/memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  hornbeam::fuzz::MemoryFile file(data, size);
  try {
    hornbeam::runtime::read_idx(file.path());
  } catch (const hornbeam::IOError&) {
  }
  return 0;
}
