// CRC-32C (Castagnoli): what TFRecord files and TensorBoard's event files check their records with.
#pragma once

#include <cstdint>
#include <string_view>

namespace hornbeam::runtime {

uint32_t crc32c(std::string_view bytes);

// As records store it: not the plain one, so that a record within a record is not taken for one.
inline uint32_t masked_crc32c(std::string_view bytes) {
  uint32_t crc = crc32c(bytes);
  return (crc >> 15 | crc << 17) + 0xa282ead8u;
}

}  // namespace hornbeam::runtime
