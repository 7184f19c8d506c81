// What a compiled executable reads: an archive as it is; any other bytes as an array in an archive whose checksum is
// right, and as a deflated stream.
#include <string>

#include "test/fuzz/compiled_model.h"
#include "test/fuzz/stored_zip.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 1 && data[0] == 'P' && data[1] == 'K') {
    hb_fuzz_read_npz(data, size);
    return 0;
  }
  const std::string array(data, data + size);
  const std::string archive = hornbeam::fuzz::stored_zip({{"x.npy", array}});
  hb_fuzz_read_npz(reinterpret_cast<const uint8_t*>(archive.data()), archive.size());
  hb_fuzz_inflate(data, size);
  return 0;
}
