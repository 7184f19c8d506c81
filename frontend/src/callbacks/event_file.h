// TensorBoard's event files: records of protobuf messages, each with its length and checksums.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include <hornbeam/base/array.h>

namespace hornbeam::callbacks {

// CRC-32C (Castagnoli), as the records use it.
uint32_t crc32c(std::string_view bytes);

class EventFile {
 public:
  // Makes the folder if it is missing, and a new file in it. Throws IOError.
  explicit EventFile(const std::string& folder);
  ~EventFile();
  EventFile(const EventFile&) = delete;
  EventFile& operator=(const EventFile&) = delete;

  const std::string& path() const { return path_; }
  void scalar(const std::string& tag, double value, int64_t step);
  // 30 buckets of equal width from the least to the greatest value, as TensorBoard's histogram summaries have them.
  void histogram(const std::string& tag, const Array& values, int64_t step);
  // What was written is in the file. Throws IOError (a full disk, say).
  void flush();

 private:
  void write(const std::string& event);
  std::string path_;
  std::FILE* file_ = nullptr;
};

}  // namespace hornbeam::callbacks
