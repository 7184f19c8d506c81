#include "runtime/data/text/fingerprint.h"

#include <bit>
#include <cstring>
#include <utility>

namespace hornbeam::runtime::text {
namespace {

static_assert(std::endian::native == std::endian::little, "the bytes of a word are taken in order");

// FarmHash's odd multipliers.
constexpr uint64_t kFirst = 0xc3a5c85c97cb3127;
constexpr uint64_t kSecond = 0xb492b66fbe98f273;
constexpr uint64_t kThird = 0x9ae16a3b2f90404f;

uint64_t word(const char* at) {
  uint64_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

uint64_t half_word(const char* at) {
  uint32_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

uint64_t fold(uint64_t value) { return value ^ (value >> 47); }

uint64_t mix(uint64_t a, uint64_t b, uint64_t multiplier) {
  a = fold((a ^ b) * multiplier);
  return fold((b ^ a) * multiplier) * multiplier;
}

uint64_t hash_up_to_16(const char* at, uint64_t length) {
  if (length >= 8) {
    uint64_t multiplier = kThird + length * 2;
    uint64_t a = word(at) + kThird, b = word(at + length - 8);
    return mix(std::rotr(b, 37) * multiplier + a, (std::rotr(a, 25) + b) * multiplier, multiplier);
  }
  if (length >= 4) return mix(length + (half_word(at) << 3), half_word(at + length - 4), kThird + length * 2);
  if (length == 0) return kThird;
  auto byte = [&](uint64_t i) { return static_cast<uint32_t>(static_cast<uint8_t>(at[i])); };
  uint32_t ends = byte(0) + (byte(length >> 1) << 8);
  uint32_t size = static_cast<uint32_t>(length) + (byte(length - 1) << 2);
  return fold(ends * kThird ^ size * kFirst) * kThird;
}

uint64_t hash_up_to_32(const char* at, uint64_t length) {
  uint64_t multiplier = kThird + length * 2;
  uint64_t a = word(at) * kSecond, b = word(at + 8);
  uint64_t c = word(at + length - 8) * multiplier, d = word(at + length - 16) * kThird;
  return mix(std::rotr(a + b, 43) + std::rotr(c, 30) + d, a + std::rotr(b + kThird, 18) + c, multiplier);
}

uint64_t hash_up_to_64(const char* at, uint64_t length) {
  uint64_t multiplier = kThird + length * 2;
  uint64_t a = word(at) * kThird, b = word(at + 8);
  uint64_t c = word(at + length - 8) * multiplier, d = word(at + length - 16) * kThird;
  uint64_t y = std::rotr(a + b, 43) + std::rotr(c, 30) + d;
  uint64_t z = mix(y, a + std::rotr(b + kThird, 18) + c, multiplier);
  uint64_t e = word(at + 16) * multiplier, f = word(at + 24);
  uint64_t g = (y + word(at + length - 32)) * multiplier, h = (z + word(at + length - 24)) * multiplier;
  return mix(std::rotr(e + f, 43) + std::rotr(g, 30) + h, e + std::rotr(f + a, 18) + g, multiplier);
}

using Pair = std::pair<uint64_t, uint64_t>;

Pair weak_hash(const char* at, uint64_t a, uint64_t b) {
  a += word(at);
  b = std::rotr(b + a + word(at + 24), 21);
  uint64_t c = a;
  a += word(at + 8) + word(at + 16);
  b += std::rotr(a, 44);
  return {a + word(at + 24), b + c};
}

// The state while a long string is read 64 bytes at a time.
struct Long {
  uint64_t x = 81, y = 81 * kSecond + 113, z = fold((81 * kSecond + 113) * kThird + 113) * kThird;
  Pair v{0, 0}, w{0, 0};

  void take(const char* at, uint64_t multiplier, uint64_t weight) {
    x = std::rotr(x + y + v.first + word(at + 8), 37) * multiplier;
    y = std::rotr(y + v.second + word(at + 48), 42) * multiplier;
    x ^= w.second * weight;
    y += v.first * weight + word(at + 40);
    z = std::rotr(z + w.first, 33) * multiplier;
    v = weak_hash(at, v.second * multiplier, x + w.first);
    w = weak_hash(at + 32, z + w.second, y + word(at + 16));
    std::swap(z, x);
  }
};

uint64_t hash_long(const char* at, uint64_t length) {
  Long state;
  state.x = 81 * kThird + word(at);
  const uint64_t blocks = (length - 1) / 64;
  for (uint64_t i = 0; i < blocks; ++i) state.take(at + i * 64, kSecond, 1);
  // The last 64 bytes, some of them for the second time.
  const uint64_t multiplier = kSecond + ((state.z & 0xff) << 1);
  state.w.first += (length - 1) & 63;
  state.v.first += state.w.first;
  state.w.first += state.v.first;
  state.take(at + length - 64, multiplier, 9);
  return mix(mix(state.v.first, state.w.first, multiplier) + fold(state.y) * kFirst + state.z,
             mix(state.v.second, state.w.second, multiplier) + state.x, multiplier);
}

struct Sip {
  uint64_t v0, v1, v2, v3;

  void round() {
    v0 += v1;
    v2 += v3;
    v1 = std::rotl(v1, 13) ^ v0;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 = std::rotl(v0, 32);
    v2 += v1;
    v0 += v3;
    v1 = std::rotl(v1, 17) ^ v2;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 = std::rotl(v2, 32);
  }

  void take(uint64_t message) {
    v3 ^= message;
    round();
    round();
    v0 ^= message;
  }
};

}  // namespace

uint64_t farm_hash64(std::string_view bytes) {
  const uint64_t length = bytes.size();
  if (length <= 16) return hash_up_to_16(bytes.data(), length);
  if (length <= 32) return hash_up_to_32(bytes.data(), length);
  return length <= 64 ? hash_up_to_64(bytes.data(), length) : hash_long(bytes.data(), length);
}

uint64_t sip_hash64(const std::array<uint64_t, 2>& key, std::string_view bytes) {
  // The initial state is the text "somepseudorandomlygeneratedbytes".
  Sip sip{key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d, key[0] ^ 0x6c7967656e657261,
          key[1] ^ 0x7465646279746573};
  size_t whole = bytes.size() & ~size_t{7};
  for (size_t i = 0; i < whole; i += 8) sip.take(word(bytes.data() + i));
  uint64_t last = static_cast<uint64_t>(bytes.size()) << 56;
  for (size_t i = whole; i < bytes.size(); ++i)
    last |= static_cast<uint64_t>(static_cast<uint8_t>(bytes[i])) << (8 * (i - whole));
  sip.take(last);
  sip.v2 ^= 0xff;
  for (int i = 0; i < 4; ++i) sip.round();
  return sip.v0 ^ sip.v1 ^ sip.v2 ^ sip.v3;
}

uint64_t join_fingerprints(uint64_t first, uint64_t second) {
  constexpr uint64_t kMultiplier = 0xc6a4a7935bd1e995;
  uint64_t joined = first ^ kMultiplier;
  joined ^= fold(second * kMultiplier) * kMultiplier;
  return fold(fold(joined * kMultiplier) * kMultiplier);
}

}  // namespace hornbeam::runtime::text
