// A picture of any format, with every number of channels; only IOError may come out.
#include <cstring>
#include <string_view>

#include <hornbeam/base/error.h>

#include "frontend/src/data/images/decode.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hornbeam;
  if (size == 0) return 0;
  constexpr int kChannels[] = {0, 1, 3, 4};
  const int channels = kChannels[data[0] & 3];
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    Array image = data::decode_image(bytes, channels, "fuzz");
    if (image.shape().rank() != 3 || (channels && image.shape()[2] != channels)) __builtin_trap();
    if (image.num_elements() > 1 << 20) return 0;
    // What was decoded can be written, and is the same when it is read again.
    Array again = data::decode_png(data::encode_png(image), static_cast<int>(image.shape()[2]), "again");
    if (again.shape() != image.shape() || std::memcmp(again.data(), image.data(), image.bytes()) != 0) __builtin_trap();
  } catch (const IOError&) {
  }
  return 0;
}
