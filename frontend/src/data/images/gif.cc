// The first picture of a GIF, by giflib. Pixels that no picture covers or that are transparent are black, as TensorFlow
// leaves them.
#include <gif_lib.h>

#include <algorithm>
#include <cstring>

#include "frontend/src/data/images/decode.h"

namespace hornbeam::data {
namespace {

int read_bytes(GifFileType* gif, GifByteType* to, int count) {
  auto* left = static_cast<std::string_view*>(gif->UserData);
  size_t size = std::min(left->size(), static_cast<size_t>(count));
  std::memcpy(to, left->data(), size);
  left->remove_prefix(size);
  return static_cast<int>(size);
}

struct Handle {
  GifFileType* gif = nullptr;
  ~Handle() {
    int ignored;
    if (gif) DGifCloseFile(gif, &ignored);
  }
};

}  // namespace

Array decode_gif(std::string_view bytes, int channels, const std::string& origin) {
  auto refuse = [&](int code) {
    const char* text = GifErrorString(code);
    throw IOError("'" + origin + "' is no whole GIF: " + (text ? text : "it is damaged") + ".");
  };
  int error = 0;
  Handle handle{DGifOpen(&bytes, read_bytes, &error)};
  GifFileType* gif = handle.gif;
  if (!gif) refuse(error);
  Array image = new_image(gif->SHeight, gif->SWidth, 3, origin);
  uint8_t* pixels = static_cast<uint8_t*>(image.mutable_data());
  int transparent = NO_TRANSPARENT_COLOR;
  for (;;) {
    GifRecordType type;
    if (DGifGetRecordType(gif, &type) == GIF_ERROR) refuse(gif->Error);
    if (type == TERMINATE_RECORD_TYPE) refuse(D_GIF_ERR_NO_IMAG_DSCR);
    if (type == EXTENSION_RECORD_TYPE) {
      int code;
      GifByteType* block;
      if (DGifGetExtension(gif, &code, &block) == GIF_ERROR) refuse(gif->Error);
      while (block) {
        GraphicsControlBlock control;
        if (code == GRAPHICS_EXT_FUNC_CODE && DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK)
          transparent = control.TransparentColor;
        if (DGifGetExtensionNext(gif, &block) == GIF_ERROR) refuse(gif->Error);
      }
      continue;
    }
    if (DGifGetImageDesc(gif) == GIF_ERROR) refuse(gif->Error);
    const GifImageDesc& at = gif->Image;
    const ColorMapObject* colors = at.ColorMap ? at.ColorMap : gif->SColorMap;
    if (!colors) refuse(D_GIF_ERR_NO_COLOR_MAP);
    if (at.Left < 0 || at.Top < 0 || at.Width <= 0 || at.Height <= 0 || at.Left + at.Width > gif->SWidth ||
        at.Top + at.Height > gif->SHeight)
      throw IOError("'" + origin + "' is no readable GIF: its picture lies outside of its frame.");
    Array line(DType::uint8, {at.Width});
    static constexpr int kStart[] = {0, 4, 2, 1}, kStep[] = {8, 8, 4, 2};
    for (int pass = 0; pass < (at.Interlace ? 4 : 1); ++pass)
      for (int y = at.Interlace ? kStart[pass] : 0; y < at.Height; y += at.Interlace ? kStep[pass] : 1) {
        auto* numbers = static_cast<GifPixelType*>(line.mutable_data());
        if (DGifGetLine(gif, numbers, at.Width) == GIF_ERROR) refuse(gif->Error);
        uint8_t* to = pixels + 3 * (static_cast<size_t>(at.Top + y) * static_cast<size_t>(gif->SWidth) +
                                    static_cast<size_t>(at.Left));
        for (int x = 0; x < at.Width; ++x, to += 3) {
          if (numbers[x] == transparent || numbers[x] >= colors->ColorCount) continue;
          const GifColorType& color = colors->Colors[numbers[x]];
          to[0] = color.Red, to[1] = color.Green, to[2] = color.Blue;
        }
      }
    return with_channels(image, channels == 0 ? 3 : channels);
  }
}

}  // namespace hornbeam::data
