// .safetensors files: an 8-byte little-endian header length, a JSON header, raw row-major little-endian data. The
// bytes are untrusted: every size, offset and name is checked before a tensor refers to them, and a file that is not
// exactly what the format says is answered with one ValueError that names it.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <hornbeam/base/array.h>
#include <hornbeam/base/atomic_file.h>

namespace hornbeam::saving {

struct SafeTensors {
  std::map<std::string, Array> tensors;          // by name; they share the file's buffer where it is aligned
  std::map<std::string, std::string> metadata;   // the header's __metadata__
};

// Parses a whole file held in memory. `source` is the file's name in error texts. The arrays share `owner`, which keeps
// `bytes` alive; a tensor whose bytes are not aligned for its dtype is copied.
SafeTensors parse_safetensors(std::string_view bytes, std::shared_ptr<const void> owner, const std::string& source);

// Reads a file. Throws IOError if it cannot be read, ValueError if it is damaged.
SafeTensors read_safetensors(const std::string& path);

// Writes the tensors, largest elements first so that all are aligned, then by name.
void write_safetensors(AtomicFile& file, const std::map<std::string, Array>& tensors,
                       const std::map<std::string, std::string>& metadata);

}  // namespace hornbeam::saving
