// NumPy's .npy and .npz files. Pickled objects are refused: a file is data, nothing in it is run.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hornbeam/base/array.h>

namespace hornbeam::runtime {

// Arrays come out row-major and in native byte order, whatever the file has. All throw IOError, one line that names the
// file, for what is damaged or has a dtype that Hornbeam lacks; memory is taken only as far as stored bytes fill it.
Array read_npy(const std::string& path);
// The same without reading: the file's pages come into memory as they are looked at, and may be more than the machine
// has. The file must stay as it is while the array lives. What is not stored as it lies in memory (another byte order,
// columns first, booleans, text) is read.
Array map_npy(const std::string& path);
Array parse_npy(std::string_view bytes, const std::string& origin);
void write_npy(const std::string& path, const Array& array);
std::string serialize_npy(const Array& array);

// The arrays of a .npz in the order they are stored, named without ".npy".
using NamedArrays = std::vector<std::pair<std::string, Array>>;
NamedArrays read_npz(const std::string& path);
void write_npz(const std::string& path, const NamedArrays& arrays, bool compressed = false);

}  // namespace hornbeam::runtime
