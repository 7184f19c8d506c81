// Hashes of strings that are the same on every machine: what TensorFlow calls FarmHash64 fingerprints and the "strong"
// hash with a key.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace hornbeam::runtime::text {

// The 64-bit fingerprint of FarmHash, which never changes for given bytes.
uint64_t farm_hash64(std::string_view bytes);
// SipHash-2-4 of Aumasson and Bernstein ("SipHash: a fast short-input PRF", 2012).
uint64_t sip_hash64(const std::array<uint64_t, 2>& key, std::string_view bytes);
// One fingerprint of two, as crossed features join them.
uint64_t join_fingerprints(uint64_t first, uint64_t second);

}  // namespace hornbeam::runtime::text
