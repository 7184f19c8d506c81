#include "frontend/src/data/images/decode.h"

#include <cstring>

namespace hornbeam::data {

Array new_image(int64_t height, int64_t width, int channels, const std::string& origin) {
  if (height <= 0 || width <= 0 || height > kMaxPixels / width)
    throw IOError("'" + origin + "' is no readable image: its size is " + std::to_string(height) + " x " +
                  std::to_string(width) + " pixels.");
  return Array(DType::uint8, {height, width, channels});
}

Array with_channels(const Array& image, int channels) {
  const int64_t from = image.shape()[2];
  if (channels == 0 || channels == from) return image;
  Array out(DType::uint8, {image.shape()[0], image.shape()[1], channels});
  const uint8_t* in = static_cast<const uint8_t*>(image.data());
  uint8_t* to = static_cast<uint8_t*>(out.mutable_data());
  for (int64_t i = 0, n = image.shape()[0] * image.shape()[1]; i < n; ++i, in += from, to += channels) {
    bool gray = from < 3;
    if (channels < 3)
      to[0] = gray ? in[0] : static_cast<uint8_t>((in[0] * 19595 + in[1] * 38470 + in[2] * 7471 + 0x8000) >> 16);
    else
      for (int c = 0; c < 3; ++c) to[c] = gray ? in[0] : in[c];
    if (channels % 2 == 0) to[channels - 1] = from % 2 == 0 ? in[from - 1] : 255;
  }
  return out;
}

Array decode_image(std::string_view bytes, int channels, const std::string& origin) {
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return decode_png(bytes, channels, origin);
  if (bytes.starts_with("\xff\xd8\xff")) return decode_jpeg(bytes, channels, origin);
  if (bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a")) return decode_gif(bytes, channels, origin);
  if (bytes.starts_with("BM")) return decode_bmp(bytes, channels, origin);
  throw IOError("'" + origin + "' is no image that is read here: PNG, JPEG, BMP or GIF was expected.");
}

}  // namespace hornbeam::data
