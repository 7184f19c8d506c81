// All entries of a zip archive are read, and their text is measured as JSON; only IOError may come out.
#include <hornbeam/base/error.h>

#include "frontend/src/saving/json_bounds.h"
#include "frontend/src/saving/zip_reader.h"
#include "test/fuzz/memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  hornbeam::fuzz::MemoryFile file(data, size);
  try {
    hornbeam::saving::ZipReader zip(file.path());
    for (const std::string& name : zip.names()) {
      auto bytes = zip.read(name, 1 << 20);
      hornbeam::saving::check_json_bounds({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, name);
    }
  } catch (const hornbeam::IOError&) {
  }
  return 0;
}
