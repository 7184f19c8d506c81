// PNG by libpng. Its errors jump back to the setjmp below, so nothing with a destructor is made in between.
#include <png.h>

#include <csetjmp>
#include <cstring>
#include <vector>

#include "frontend/src/data/images/decode.h"

namespace hornbeam::data {
namespace {

struct Reading {
  std::string_view left;
  std::jmp_buf escape;
  char message[160] = "";
};

void read_bytes(png_structp png, png_bytep to, size_t count) {
  auto* reading = static_cast<Reading*>(png_get_io_ptr(png));
  if (count > reading->left.size()) png_error(png, "it ends too early");
  std::memcpy(to, reading->left.data(), count);
  reading->left.remove_prefix(count);
}
void on_error(png_structp png, png_const_charp message) {
  auto* reading = static_cast<Reading*>(png_get_error_ptr(png));
  std::strncpy(reading->message, message, sizeof reading->message - 1);
  std::longjmp(reading->escape, 1);
}
void on_warning(png_structp, png_const_charp) {}

struct Handle {
  png_structp png = nullptr;
  png_infop info = nullptr;
  ~Handle() {
    if (png) png_destroy_read_struct(&png, info ? &info : nullptr, nullptr);
  }
};

// The header; then 8-bit rows of `channels` (0: the file's) are set up.
bool read_header(Handle& handle, Reading& reading, int& channels, png_uint_32& width, png_uint_32& height) {
  if (setjmp(reading.escape)) return false;
  png_set_read_fn(handle.png, &reading, read_bytes);
  png_set_user_limits(handle.png, 1 << 20, 1 << 20);
  png_read_info(handle.png, handle.info);
  int depth, color;
  png_get_IHDR(handle.png, handle.info, &width, &height, &depth, &color, nullptr, nullptr, nullptr);
  const bool transparent = png_get_valid(handle.png, handle.info, PNG_INFO_tRNS) != 0;
  const bool alpha = (color & PNG_COLOR_MASK_ALPHA) != 0, gray = (color & PNG_COLOR_MASK_COLOR) == 0;
  if (channels == 0) channels = (gray ? 1 : 3) + (alpha || transparent ? 1 : 0);
  if (color == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(handle.png);
  if (gray && depth < 8) png_set_expand_gray_1_2_4_to_8(handle.png);
  if (transparent) png_set_tRNS_to_alpha(handle.png);
  if (depth == 16) png_set_strip_16(handle.png);
  if (channels % 2 != 0)
    png_set_strip_alpha(handle.png);
  else if (!alpha && !transparent)
    png_set_add_alpha(handle.png, 255, PNG_FILLER_AFTER);
  if (channels < 3 && !gray) png_set_rgb_to_gray(handle.png, 1, 0.299, 0.587);
  if (channels >= 3 && gray) png_set_gray_to_rgb(handle.png);
  png_set_interlace_handling(handle.png);
  png_read_update_info(handle.png, handle.info);
  if (png_get_rowbytes(handle.png, handle.info) != size_t{width} * static_cast<size_t>(channels))
    png_error(handle.png, "its rows have an unexpected length");
  return true;
}

bool read_rows(Handle& handle, Reading& reading, png_bytepp rows) {
  if (setjmp(reading.escape)) return false;
  png_read_image(handle.png, rows);
  png_read_end(handle.png, nullptr);
  return true;
}

void append(png_structp png, png_bytep bytes, size_t count) {
  static_cast<std::string*>(png_get_io_ptr(png))->append(reinterpret_cast<char*>(bytes), count);
}

}  // namespace

Array decode_png(std::string_view bytes, int channels, const std::string& origin) {
  Reading reading{.left = bytes};
  Handle handle;
  handle.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reading, on_error, on_warning);
  if (handle.png) handle.info = png_create_info_struct(handle.png);
  if (!handle.info) throw IOError("'" + origin + "': no memory to read a PNG.");
  auto refuse = [&] { throw IOError("'" + origin + "' is no whole PNG: " + reading.message + "."); };
  png_uint_32 width = 0, height = 0;
  if (!read_header(handle, reading, channels, width, height)) refuse();
  Array image = new_image(height, width, channels, origin);
  std::vector<png_bytep> rows(height);
  for (size_t i = 0; i < height; ++i)
    rows[i] = static_cast<png_bytep>(image.mutable_data()) + i * width * static_cast<size_t>(channels);
  if (!read_rows(handle, reading, rows.data())) refuse();
  return image;
}

std::string encode_png(const Array& image) {
  static const int kColors[] = {0, PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB,
                                PNG_COLOR_TYPE_RGBA};
  const auto height = static_cast<png_uint_32>(image.shape()[0]), width = static_cast<png_uint_32>(image.shape()[1]);
  const int channels = static_cast<int>(image.shape()[2]);
  std::string bytes;
  Reading writing{.left = {}};
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &writing, on_error, on_warning);
  png_infop info = png ? png_create_info_struct(png) : nullptr;
  if (!info) throw IOError("No memory to write a PNG.");
  if (setjmp(writing.escape)) {
    png_destroy_write_struct(&png, &info);
    throw IOError(std::string("Cannot write a PNG: ") + writing.message + ".");
  }
  png_set_write_fn(png, &bytes, append, nullptr);
  png_set_IHDR(png, info, width, height, 8, kColors[channels], PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  for (png_uint_32 row = 0; row < height; ++row)
    png_write_row(png, static_cast<png_const_bytep>(image.data()) + size_t{row} * width * static_cast<size_t>(channels));
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return bytes;
}

}  // namespace hornbeam::data
