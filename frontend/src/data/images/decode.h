// Image files to pixels. Files come from anyone: sizes are checked against kMaxPixels before anything is allocated, and
// what is damaged throws IOError that names `origin`.
#pragma once

#include <string>
#include <string_view>

#include <hornbeam/base/array.h>

namespace hornbeam::data {

inline constexpr int64_t kMaxPixels = int64_t{1} << 28;

// uint8 [height, width, channels] from PNG, JPEG, BMP or GIF (its first picture), by the bytes' signature. channels is
// 1 (luma), 3 or 4, or 0 for as many as the file has.
Array decode_image(std::string_view bytes, int channels, const std::string& origin);

Array decode_png(std::string_view bytes, int channels, const std::string& origin);
Array decode_jpeg(std::string_view bytes, int channels, const std::string& origin);
Array decode_gif(std::string_view bytes, int channels, const std::string& origin);
Array decode_bmp(std::string_view bytes, int channels, const std::string& origin);

std::string encode_png(const Array& image);
std::string encode_jpeg(const Array& image, int quality);
std::string encode_bmp(const Array& image);

// A zeroed image; IOError for sizes that are 0 or too large.
Array new_image(int64_t height, int64_t width, int channels, const std::string& origin);
// Other numbers of channels: luma by ITU-R 601, gray repeated, alpha dropped or 255.
Array with_channels(const Array& image, int channels);

}  // namespace hornbeam::data
