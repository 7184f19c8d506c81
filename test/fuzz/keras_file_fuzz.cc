// A whole .keras file is loaded; only IOError and NotImplementedError may come out. Zip checksums make blind mutation
// useless, so the input is split in two: config.json and the weights file, which are packed into an archive first.
#include <cstring>
#include <string>

#include <hornbeam/base/error.h>
#include <hornbeam/saving.h>

#include "test/fuzz/memory_file.h"
#include "test/fuzz/stored_zip.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // config.json, a zero byte, model.weights.h5.
  const auto* end = static_cast<const uint8_t*>(std::memchr(data, 0, size));
  std::string config(data, end ? end : data + size);
  std::string weights = end ? std::string(end + 1, data + size) : "";
  std::string archive = hornbeam::fuzz::stored_zip({{"config.json", config}, {"model.weights.h5", weights}});
  hornbeam::fuzz::MemoryFile file(reinterpret_cast<const uint8_t*>(archive.data()), archive.size());
  try {
    hornbeam::load_model(file.path());
  } catch (const hornbeam::IOError&) {
  } catch (const hornbeam::NotImplementedError&) {
  }
  return 0;
}
