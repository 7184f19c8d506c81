// Windows bitmaps without compression: 8 bits with a palette, 24 and 32 bits. No packaged library reads this format
// alone, and it is a header in front of rows.
#include <cstring>

#include "frontend/src/data/images/decode.h"

namespace hornbeam::data {
namespace {

uint32_t little(std::string_view bytes, size_t at, size_t size) {
  uint32_t value = 0;
  for (size_t i = size; i-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes[at + i]);
  return value;
}

}  // namespace

Array decode_bmp(std::string_view bytes, int channels, const std::string& origin) {
  auto refuse = [&](const std::string& what) { throw IOError("'" + origin + "' is no readable BMP: " + what + "."); };
  if (bytes.size() < 54) refuse("it ends within its header");
  const size_t start = little(bytes, 10, 4), header = little(bytes, 14, 4);
  const int64_t width = static_cast<int32_t>(little(bytes, 18, 4));
  int64_t height = static_cast<int32_t>(little(bytes, 22, 4));
  const size_t bits = little(bytes, 28, 2), compression = little(bytes, 30, 4);
  if (header < 40 || header > 1024) refuse("its header has " + std::to_string(header) + " bytes");
  if ((bits != 8 && bits != 24 && bits != 32) || (compression != 0 && !(compression == 3 && bits == 32)))
    refuse("it has " + std::to_string(bits) + " bits a pixel and compression " + std::to_string(compression) +
           "; 8, 24 or 32 bits without compression are read");
  const bool downward = height < 0;
  if (downward) height = -height;
  const int made = bits == 32 ? 4 : 3;
  if (height <= 0 || width <= 0 || height > kMaxPixels / width) new_image(height, width, made, origin);
  const size_t stride = (static_cast<size_t>(width) * bits / 8 + 3) / 4 * 4;
  if (start > bytes.size() || (bytes.size() - start) / stride < static_cast<size_t>(height))
    refuse("it ends within its pixels");
  size_t colors = 0;
  const size_t palette = 14 + header;
  if (bits == 8) {
    colors = little(bytes, 46, 4) ? little(bytes, 46, 4) : 256;
    if (colors > 256 || palette > bytes.size() || (bytes.size() - palette) / 4 < colors)
      refuse("its palette is not whole");
  }
  Array image = new_image(height, width, made, origin);
  uint8_t* to = static_cast<uint8_t*>(image.mutable_data());
  for (int64_t y = 0; y < height; ++y) {
    const auto* row = reinterpret_cast<const uint8_t*>(bytes.data()) + start +
                      static_cast<size_t>(downward ? y : height - 1 - y) * stride;
    for (int64_t x = 0; x < width; ++x, to += made) {
      const uint8_t* pixel = row + static_cast<size_t>(x) * bits / 8;
      if (bits == 8) {
        if (*pixel >= colors) refuse("a pixel has a color that its palette lacks");
        pixel = reinterpret_cast<const uint8_t*>(bytes.data()) + palette + 4 * size_t{*pixel};
      }
      to[0] = pixel[2], to[1] = pixel[1], to[2] = pixel[0];
      if (made == 4) to[3] = pixel[3];
    }
  }
  return with_channels(image, channels);
}

std::string encode_bmp(const Array& image) {
  Array pixels = with_channels(image, 3);
  const int64_t height = pixels.shape()[0], width = pixels.shape()[1];
  const size_t stride = (static_cast<size_t>(width) * 3 + 3) / 4 * 4, size = stride * static_cast<size_t>(height);
  std::string bytes(54 + size, '\0');
  auto put = [&](size_t at, uint32_t value, size_t count) {
    for (size_t i = 0; i < count; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i));
  };
  bytes[0] = 'B', bytes[1] = 'M';
  put(2, static_cast<uint32_t>(bytes.size()), 4);
  put(10, 54, 4);
  put(14, 40, 4);
  put(18, static_cast<uint32_t>(width), 4);
  put(22, static_cast<uint32_t>(height), 4);
  put(26, 1, 2);
  put(28, 24, 2);
  put(34, static_cast<uint32_t>(size), 4);
  const auto* from = static_cast<const uint8_t*>(pixels.data());
  for (int64_t y = 0; y < height; ++y)
    for (int64_t x = 0; x < width; ++x)
      for (int c = 0; c < 3; ++c)
        bytes[54 + static_cast<size_t>(height - 1 - y) * stride + static_cast<size_t>(3 * x + c)] =
            static_cast<char>(from[(y * width + x) * 3 + 2 - c]);
  return bytes;
}

}  // namespace hornbeam::data
