// A Program package: its checksum is made right, so that the fuzzer gets behind it; only IOError may come out. Parsing
// runs none of the code in it.
#include <string>

#include <hornbeam/base/error.h>
#include <hornbeam/runtime/package.h>

#include "test/fuzz/package_header.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  for (const std::string& package : {bytes, hornbeam::fuzz::with_package_header(bytes)}) {
    try {
      hornbeam::runtime::Program program = hornbeam::runtime::parse(package, "fuzz");
      hornbeam::runtime::serialize(program);
    } catch (const hornbeam::IOError&) {
    }
  }
  return 0;
}
