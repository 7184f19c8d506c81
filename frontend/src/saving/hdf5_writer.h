// Writes an HDF5 file in memory, through libhdf5, laid out as h5py does it for Keras: groups, contiguous datasets,
// attributes of strings. Equal content gives equal bytes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <hornbeam/base/array.h>

namespace hornbeam::hdf5 {

class Writer {
 public:
  Writer();
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // A group, with those above it that are not there yet. "" is the root.
  void group(const std::string& path);
  // A dataset, with the groups above it. bfloat16 becomes bytes with an attribute that says so, as in Keras.
  void dataset(const std::string& path, const Array& array);
  // Text of any length, on a group that is there or is made.
  void attribute(const std::string& path, const std::string& name, const std::string& text);
  // A list of strings; one that is too long for an attribute is split over name0, name1, …, as Keras does.
  void attribute_list(const std::string& path, const std::string& name, const std::vector<std::string>& texts);

  // The finished file. Nothing can be added after.
  std::string finish();

 private:
  void write_list(int64_t object, const std::string& name, const std::vector<std::string>& texts, size_t begin, size_t end);

  int64_t file_ = -1;  // hid_t; hdf5.h stays out of headers
};

}  // namespace hornbeam::hdf5
