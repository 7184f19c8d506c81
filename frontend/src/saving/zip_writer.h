// Writes a zip archive with stored entries straight into a file, through libzip.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <hornbeam/base/atomic_file.h>

namespace hornbeam::saving {

struct ZipEntry {
  std::string name;
  std::string_view bytes;
};

// Writes the whole archive; what is written does not depend on the time. Throws IOError as the file does.
void write_zip(AtomicFile& file, const std::vector<ZipEntry>& entries);

}  // namespace hornbeam::saving
