// A .safetensors file in memory: only ValueError may come out, and every byte of what comes out can be read.
#include <memory>
#include <string>

#include <hornbeam/base/error.h>

#include "frontend/src/saving/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hornbeam;
  auto bytes = std::make_shared<std::string>(reinterpret_cast<const char*>(data), size);
  try {
    saving::SafeTensors tensors = saving::parse_safetensors(*bytes, bytes, "fuzz");
    double sum = 0;
    for (const auto& [name, array] : tensors.tensors)
      for (int64_t i = 0; i < array.num_elements(); ++i) sum += array.get(i);
    volatile double used = sum;
    (void)used;
  } catch (const ValueError&) {
  }
  return 0;
}
