// Whole files in and out, with errors that name the file.
#pragma once

#include <string>
#include <string_view>

namespace hornbeam::runtime {

// Reads a regular file or a pipe to its end; memory grows as bytes come. Throws IOError.
std::string read_file(const std::string& path);

// Replaces `path` as a whole: the bytes are written beside it, flushed to the disk, and renamed, so that a reader sees
// the old content or the new. Throws IOError; then the old file is untouched and nothing is left beside it.
void write_file_atomically(const std::string& path, std::string_view bytes);

}  // namespace hornbeam::runtime
