// A sound file, resampled if it is short; only IOError may come out, and samples are finite where the file's are.
#include <string_view>

#include <hornbeam/base/error.h>

#include "frontend/src/data/audio/wav.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace hornbeam;
  if (size == 0) return 0;
  try {
    data::Sound sound = data::decode_wav({reinterpret_cast<const char*>(bytes) + 1, size - 1}, "fuzz");
    if (sound.samples.bytes() > 8 * size * sizeof(float)) __builtin_trap();
    const int64_t rate = bytes[0] + 1;
    if (sound.samples.num_elements() < 256 && sound.rate < 64 * rate && rate < 64 * sound.rate) {
      Array resampled = data::resample(sound.samples, sound.rate, rate, "fuzz");
      if (resampled.shape()[1] != sound.samples.shape()[1]) __builtin_trap();
    }
  } catch (const IOError&) {
  }
  return 0;
}
