// Protobuf's wire format, for the few messages that event files hold.
#pragma once

#include <bit>
#include <cstdint>
#include <string>

namespace hornbeam::callbacks::wire {

enum WireType : uint32_t { kVarint = 0, kFixed64 = 1, kBytes = 2 };

inline void put_varint(std::string& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}
template <class T>
void put_little_endian(std::string& out, T value) {
  for (size_t i = 0; i < sizeof value; ++i) out += static_cast<char>(value >> (8 * i));
}
inline void put(std::string& out, uint32_t field, uint64_t value) {
  put_varint(out, field << 3 | kVarint);
  put_varint(out, value);
}
inline void put(std::string& out, uint32_t field, double value) {
  put_varint(out, field << 3 | kFixed64);
  put_little_endian(out, std::bit_cast<uint64_t>(value));
}
inline void put(std::string& out, uint32_t field, const std::string& bytes) {
  put_varint(out, field << 3 | kBytes);
  put_varint(out, bytes.size());
  out += bytes;
}

}  // namespace hornbeam::callbacks::wire
