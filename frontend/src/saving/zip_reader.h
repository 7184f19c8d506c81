// Reads the entries of a zip file from anyone, through libzip. Opens the one file and nothing else; what an entry says
// about its size is checked against its stored bytes before memory is taken, and the checksum is verified.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "frontend/src/saving/input_file.h"

namespace hornbeam::saving {

class ZipReader {
 public:
  // Throws IOError if `path` is no regular file, no sound zip, or holds names that Keras would not write: twice the
  // same name, absolute ones, ones that leave the archive.
  explicit ZipReader(const std::string& path);
  explicit ZipReader(InputFile& file);  // takes the open file
  ~ZipReader();
  ZipReader(const ZipReader&) = delete;

  const std::vector<std::string>& names() const { return names_; }
  bool contains(const std::string& name) const;
  // The bytes of an entry. Throws IOError if there is none, if it is damaged, or if it has more than `most` bytes.
  std::vector<uint8_t> read(const std::string& name, uint64_t most);
  // Bytes of an entry in the file, compressed or not.
  uint64_t stored_size(const std::string& name) const;
  // Bytes of the whole file.
  uint64_t file_size() const { return file_size_; }

 private:
  void check_entry(uint64_t index, uint64_t& stored);
  [[noreturn]] void fail(const std::string& problem) const;

  std::string path_;
  uint64_t file_size_ = 0;
  void* archive_ = nullptr;  // zip_t*; zip.h stays out of headers
  std::vector<std::string> names_;
};

}  // namespace hornbeam::saving
