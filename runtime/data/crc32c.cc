// Eight bytes at a time, by a table for each of their places.
#include "runtime/data/crc32c.h"

#include <array>

namespace hornbeam::runtime {
namespace {

using Tables = std::array<std::array<uint32_t, 256>, 8>;

Tables make_tables() {
  Tables tables;
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0x82f63b78u : crc >> 1;
    tables[0][i] = crc;
  }
  for (size_t place = 1; place < 8; ++place)
    for (size_t i = 0; i < 256; ++i) {
      uint32_t before = tables[place - 1][i];
      tables[place][i] = tables[0][before & 0xff] ^ before >> 8;
    }
  return tables;
}

}  // namespace

uint32_t crc32c(std::string_view bytes) {
  static const Tables tables = make_tables();
  const auto* at = reinterpret_cast<const uint8_t*>(bytes.data());
  size_t left = bytes.size();
  uint32_t crc = ~0u;
  for (; left >= 8; at += 8, left -= 8) {
    uint32_t next = 0;
    for (size_t i = 0; i < 4; ++i) next ^= tables[7 - i][(crc >> (8 * i) & 0xff) ^ at[i]];
    for (size_t i = 4; i < 8; ++i) next ^= tables[7 - i][at[i]];
    crc = next;
  }
  for (; left > 0; ++at, --left) crc = tables[0][(crc & 0xff) ^ *at] ^ crc >> 8;
  return ~crc;
}

}  // namespace hornbeam::runtime
