// The IDX format of MNIST and Fashion-MNIST, plain or gzip-compressed.
#pragma once

#include <string>

#include <hornbeam/base/array.h>

namespace hornbeam::runtime {

// Reads a file. Throws IOError, one line that names the file, if it is no whole IDX file; memory is taken only as far
// as stored bytes fill it.
Array read_idx(const std::string& path);

}  // namespace hornbeam::runtime
