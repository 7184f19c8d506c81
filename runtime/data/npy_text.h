// Strings in .npy files: NumPy's fixed-width bytes (S) and code points (U).
#pragma once

#include <string>

#include <hornbeam/base/array.h>

#include "runtime/data/npy_header.h"

namespace hornbeam::runtime {

// The file's bytes as strings of the header's shape; NULs at an element's end are none of it. Throws IOError, naming
// `origin`, for what is no code point.
Array decode_npy_text(const Array& bytes, const NpyHeader& header, const std::string& origin);
// A whole file: code points, or bytes if some string is not UTF-8.
std::string serialize_npy_text(const Array& array);

}  // namespace hornbeam::runtime
