// Everything that can be reached in an HDF5 file is read; only IOError may come out.
#include <vector>

#include <hornbeam/base/error.h>

#include "frontend/src/saving/hdf5/file.h"

namespace hornbeam {
namespace {

void read(const hdf5::Object& object) {
  try {
    object.attribute_strings("name");
    if (!object.is_dataset()) return;
    if (object.dtype() == DType::string)
      object.read_strings();
    else
      object.read();
  } catch (const IOError&) {
  }
}

void read_all(std::span<const uint8_t> bytes) {
  try {
    hdf5::File file(bytes, "fuzz");
    std::vector<hdf5::Object> todo = {file.root()};
    for (int done = 0; !todo.empty() && done < 500; ++done) {
      hdf5::Object object = todo.back();
      todo.pop_back();
      read(object);
      if (!object.is_group()) continue;
      for (const std::string& name : object.names())
        if (auto child = object.child(name)) todo.push_back(*child);
    }
  } catch (const IOError&) {
  }
}

}  // namespace
}  // namespace hornbeam

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  hornbeam::read_all({data, size});
  return 0;
}
