// HDF5's checksums.
#include "frontend/src/saving/hdf5/checksum.h"

#include <bit>

namespace hornbeam::hdf5 {
namespace {

// The next 12 bytes (fewer at the end; missing ones count as zero) as three little-endian words.
void add_block(Span block, uint32_t& a, uint32_t& b, uint32_t& c) {
  uint32_t words[3] = {};
  for (size_t i = 0; i < block.size(); ++i) words[i / 4] += uint32_t{block[i]} << 8 * (i % 4);
  a += words[0];
  b += words[1];
  c += words[2];
}

// x -= z; x ^= rotl(z, by); z += y.
void mix_step(uint32_t& x, uint32_t& y, uint32_t& z, int by) {
  x -= z;
  x ^= std::rotl(z, by);
  z += y;
}

// x ^= y; x -= rotl(y, by).
void final_step(uint32_t& x, uint32_t y, int by) {
  x ^= y;
  x -= std::rotl(y, by);
}

}  // namespace

uint32_t lookup3(Span bytes) {
  uint32_t a = 0xdeadbeefu + static_cast<uint32_t>(bytes.size());
  uint32_t b = a;
  uint32_t c = a;
  if (bytes.empty()) return c;
  while (bytes.size() > 12) {
    add_block(bytes.first(12), a, b, c);
    mix_step(a, b, c, 4);
    mix_step(b, c, a, 6);
    mix_step(c, a, b, 8);
    mix_step(a, b, c, 16);
    mix_step(b, c, a, 19);
    mix_step(c, a, b, 4);
    bytes = bytes.subspan(12);
  }
  add_block(bytes, a, b, c);
  final_step(c, b, 14);
  final_step(a, c, 11);
  final_step(b, a, 25);
  final_step(c, b, 16);
  final_step(a, c, 4);
  final_step(b, a, 14);
  final_step(c, b, 24);
  return c;
}

uint32_t fletcher32(Span bytes) {
  uint64_t low = 0;
  uint64_t high = 0;
  size_t i = 0;
  for (; i + 1 < bytes.size(); i += 2) {
    low = (low + (uint32_t{bytes[i]} << 8 | bytes[i + 1])) % 65535;
    high = (high + low) % 65535;
  }
  if (i < bytes.size()) {
    low = (low + (uint32_t{bytes[i]} << 8)) % 65535;
    high = (high + low) % 65535;
  }
  return static_cast<uint32_t>(high << 16 | low);
}

}  // namespace hornbeam::hdf5
