// Reading one .npy from a source: a file, bytes, or an entry of a .npz.
#pragma once

#include <string>

#include <hornbeam/base/array.h>

#include "runtime/data/npy_header.h"
#include "runtime/data/source.h"

namespace hornbeam::runtime {

// Reads up to the elements and counts the bytes before them. Throws IOError, naming `origin`.
NpyHeader read_npy_header(ByteSource& source, const std::string& origin, size_t& bytes);

// Reads to the end of the source. Throws IOError, naming `origin`.
Array read_npy_from(ByteSource& source, const std::string& origin);

}  // namespace hornbeam::runtime
