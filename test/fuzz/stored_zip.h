// Packs texts into a zip archive without compression, with right checksums: for tests that damage what is inside.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace hornbeam::fuzz {

inline uint32_t crc32_of(const std::string& data) {
  uint32_t crc = ~0u;
  for (unsigned char byte : data) {
    crc ^= byte;
    for (int i = 0; i < 8; ++i) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
  }
  return ~crc;
}

inline void put(std::string& to, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) to += static_cast<char>(value >> 8 * i);
}

inline std::string stored_zip(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string archive, directory;
  for (const auto& [name, data] : entries) {
    std::string about;    // what the local header and the directory say alike
    put(about, 20, 2);    // version needed
    put(about, 0, 2);     // flags
    put(about, 0, 2);     // stored
    put(about, 0, 2);     // time
    put(about, 0x21, 2);  // 1980-01-01
    put(about, crc32_of(data), 4);
    put(about, data.size(), 4);
    put(about, data.size(), 4);
    put(about, name.size(), 2);
    put(about, 0, 2);  // extra field
    directory += "PK\1\2";
    put(directory, 20, 2);
    directory += about;
    put(directory, 0,
        8);  // lengths of the comment, disk, internal attributes (2 each); external attributes, first half
    put(directory, 0, 2);  // and second half
    put(directory, archive.size(), 4);
    directory += name;
    archive += "PK\3\4" + about + name + data;
  }
  size_t start = archive.size();
  archive += directory + "PK\5\6";
  put(archive, 0, 4);
  put(archive, entries.size(), 2);
  put(archive, entries.size(), 2);
  put(archive, directory.size(), 4);
  put(archive, start, 4);
  put(archive, 0, 2);
  return archive;
}

}  // namespace hornbeam::fuzz
