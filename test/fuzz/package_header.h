// The header of a Program package before a payload, with its right length and checksum.
#pragma once

#include <string>

#include "test/fuzz/stored_zip.h"

namespace hornbeam::fuzz {

inline std::string with_package_header(const std::string& payload) {
  std::string bytes = "HBPROG1\n";
  put(bytes, payload.size(), 8);
  put(bytes, crc32_of(payload), 4);
  return bytes + payload;
}

}  // namespace hornbeam::fuzz
