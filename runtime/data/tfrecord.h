// TFRecord files: records with their lengths and checksums, perhaps compressed as a whole. Files come from anyone: a record
// takes no more memory than it has bytes in the file (decompressed), and what is damaged throws IOError with its place.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hornbeam::runtime {

enum class RecordCompression : uint8_t { automatic, none, gzip, zlib };

class RecordReader {
 public:
  // Opens a file; automatic looks at its first bytes.
  static std::unique_ptr<RecordReader> open(const std::string& path,
                                            RecordCompression compression = RecordCompression::automatic);
  // The same of bytes that outlive the reader.
  static std::unique_ptr<RecordReader> of_bytes(std::string_view bytes, const std::string& origin,
                                                RecordCompression compression = RecordCompression::automatic);
  virtual ~RecordReader() = default;
  // The next record; false at the end.
  virtual bool next(std::string& record) = 0;
};

}  // namespace hornbeam::runtime
