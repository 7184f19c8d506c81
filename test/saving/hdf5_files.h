// What the tests of the HDF5 reader share: the files beside this header, and a walk over a whole file.
#pragma once

#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <hornbeam/base/error.h>

#include "frontend/src/saving/hdf5/file.h"

namespace hornbeam::saving_test {

inline std::string data_path(const std::string& name) {
  return std::string(HORNBEAM_TEST_DATA) + "/saving/data/" + name;
}

inline std::vector<uint8_t> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw IOError("no test file " + path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline const std::vector<std::string>& readable_hdf5() {
  static const std::vector<std::string> names = {"types.h5",   "strings.h5", "many.h5", "compact.h5",
                                                 "chunked.h5", "v110.h5",    "v108.h5"};
  return names;
}

// Calls `visit` for every object that is reached, at most `most` of them.
inline void walk(hdf5::File& file, const std::function<void(const hdf5::Object&)>& visit, size_t most = 2000) {
  std::vector<hdf5::Object> todo = {file.root()};
  for (size_t done = 0; !todo.empty() && done < most; ++done) {
    hdf5::Object object = todo.back();
    todo.pop_back();
    visit(object);
    if (!object.is_group()) continue;
    for (const std::string& name : object.names())
      if (auto child = object.child(name)) todo.push_back(*child);
  }
}

}  // namespace hornbeam::saving_test
