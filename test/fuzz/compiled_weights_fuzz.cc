// A .safetensors file given to a compiled model: it is taken whole, or refused and nothing has changed.
#include "test/fuzz/compiled_model.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  hb_fuzz_load_weights(data, size);
  return 0;
}
