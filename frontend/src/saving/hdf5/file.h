// A read-only HDF5 file in memory, as much of the format as Keras' files use: superblocks 0, 2 and 3; groups with
// symbol tables or link messages; contiguous, compact and chunked datasets (gzip, shuffle, fletcher32); attributes with
// strings. Files come from anyone: every size is checked against the bytes that are there, memory is bounded by what
// the stored bytes fill, and each refusal is an IOError of one line. Only hard links are followed, and nothing outside
// the bytes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <hornbeam/base/array.h>

#include "frontend/src/saving/hdf5/image.h"

namespace hornbeam::hdf5 {

class File;
struct Node;

// A group or a dataset of a file, cheap to copy; valid as long as the file.
class Object {
 public:
  bool is_group() const;
  bool is_dataset() const;
  // Its place, "/layers/dense/vars/0", as it was reached.
  const std::string& path() const { return path_; }

  // A group's members, sorted by name.
  std::vector<std::string> names() const;
  // The member `name`; nullopt where there is none. Throws IOError for a soft or external link.
  std::optional<Object> child(const std::string& name) const;

  // A dataset's shape, and its dtype: string for any kind of strings. Throws IOError for what Keras never writes.
  const Shape& shape() const;
  DType dtype() const;
  // The elements of a dataset of numbers, row-major.
  Array read() const;
  // The elements of a dataset of strings.
  std::vector<std::string> read_strings() const;

  // The attribute's strings (one of a scalar); nullopt where there is no such attribute.
  std::optional<std::vector<std::string>> attribute_strings(std::string_view name) const;

 private:
  friend class File;
  Object(File& file, const Node& node, std::string path) : file_(&file), node_(&node), path_(std::move(path)) {}
  [[noreturn]] void fail(const std::string& problem) const;
  void need_dataset() const;

  File* file_;
  const Node* node_;
  std::string path_;
};

class File {
 public:
  // `bytes` outlive the file; `name` stands in error texts.
  File(Span bytes, std::string name);
  ~File();

  Object root();
  // The object at "layers/dense/vars"; nullopt where one of the names is missing.
  std::optional<Object> find(std::string_view path);

 private:
  friend class Object;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hornbeam::hdf5
