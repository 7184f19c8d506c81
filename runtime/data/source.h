// Where bytes of a file format come from, read front to back: memory, a gzip stream, a file, an entry of a zip.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <hornbeam/base/array.h>

namespace hornbeam::runtime {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Reads up to `bytes` bytes; fewer only at the end. Throws IOError if the source is damaged.
  virtual size_t read(void* to, size_t bytes) = 0;
  // The most bytes that the rest can come to: what a reader may allocate on the word of a header.
  virtual size_t at_most_left() const = 0;
};

// Bytes that outlive the source.
std::unique_ptr<ByteSource> memory_source(std::string_view bytes);
// A gzip stream in memory, of one or more members, with its checksums.
std::unique_ptr<ByteSource> gzip_source(std::string_view bytes, const std::string& origin);
bool is_gzip(std::string_view bytes);
// An array for a file's elements; IOError that names the file where there is no memory for it.
Array make_array(DType dtype, const Shape& shape, const std::string& origin);
// A regular file.
std::unique_ptr<ByteSource> file_source(const std::string& path);

}  // namespace hornbeam::runtime
