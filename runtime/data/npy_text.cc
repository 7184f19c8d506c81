#include "runtime/data/npy_text.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include <hornbeam/base/error.h>
#include <hornbeam/base/strings.h>

#include "runtime/data/text/words.h"

namespace hornbeam::runtime {
namespace {

void append_utf8(std::string& out, uint32_t code) {
  auto put = [&](uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xc0 | code >> 6);
  } else {
    if (code < 0x10000) {
      put(0xe0 | code >> 12);
    } else {
      put(0xf0 | code >> 18);
      put(0x80 | (code >> 12 & 0x3f));
    }
    put(0x80 | (code >> 6 & 0x3f));
  }
  put(0x80 | (code & 0x3f));
}

std::string decode_points(const uint8_t* at, const NpyHeader& header, const std::string& origin) {
  std::string text;
  size_t nuls = 0;
  for (size_t i = 0; i < header.width; ++i) {
    uint32_t code;
    std::memcpy(&code, at + 4 * i, 4);
    if (header.swapped) code = __builtin_bswap32(code);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
      throw IOError("'" + origin + "' is no whole .npy file: one of its strings holds " + std::to_string(code) +
                    ", which is no Unicode code point.");
    nuls = code == 0 ? nuls + 1 : 0;
    append_utf8(text, code);
  }
  text.resize(text.size() - nuls);
  return text;
}

// The code points of a text; nullopt if it is not UTF-8.
std::optional<std::vector<uint32_t>> points_of(std::string_view text) {
  std::vector<uint32_t> points;
  while (!text.empty()) {
    const text::Character character = text::first_character(text);
    if (!character.valid) return std::nullopt;
    uint32_t code = static_cast<uint8_t>(text[0]);
    if (character.length > 1) code &= 0x7fu >> character.length;
    for (size_t i = 1; i < character.length; ++i) code = code << 6 | (static_cast<uint8_t>(text[i]) & 0x3f);
    points.push_back(code);
    text.remove_prefix(character.length);
  }
  return points;
}

}  // namespace

Array decode_npy_text(const Array& bytes, const NpyHeader& header, const std::string& origin) {
  const auto* at = static_cast<const uint8_t*>(bytes.data());
  std::vector<std::string> values(static_cast<size_t>(header.shape.num_elements()));
  for (std::string& value : values) {
    if (header.text == 'U') {
      value = decode_points(at, header, origin);
    } else {
      value.assign(reinterpret_cast<const char*>(at), header.width);
      while (!value.empty() && value.back() == '\0') value.pop_back();
    }
    at += header.element_bytes();
  }
  return strings(header.shape, std::move(values));
}

std::string serialize_npy_text(const Array& array) {
  std::vector<std::vector<uint32_t>> all;
  size_t width = 1, bytes = 1;
  bool is_utf8 = true;
  for (const std::string& text : strings_of(array)) {
    bytes = std::max(bytes, text.size());
    std::optional<std::vector<uint32_t>> points = points_of(text);
    is_utf8 &= points.has_value();
    if (!is_utf8) continue;
    width = std::max(width, points->size());
    all.push_back(std::move(*points));
  }
  if (!is_utf8) {
    std::string file = make_npy_text_header('S', bytes, array.shape());
    for (const std::string& text : strings_of(array)) file.append(text).append(bytes - text.size(), '\0');
    return file;
  }
  std::string file = make_npy_text_header('U', width, array.shape());
  for (std::vector<uint32_t>& points : all) {
    points.resize(width);
    file.append(reinterpret_cast<const char*>(points.data()), 4 * width);
  }
  return file;
}

}  // namespace hornbeam::runtime
