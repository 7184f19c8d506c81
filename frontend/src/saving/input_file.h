// A file that is read from: opened once, by its path, and never again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hornbeam::saving {

class InputFile {
 public:
  // Throws IOError if there is no regular file that can be read; a pipe is not waited for.
  explicit InputFile(const std::string& path);
  ~InputFile();
  InputFile(const InputFile&) = delete;

  const std::string& shown() const { return shown_; }  // the path, fit for an error line
  uint64_t size() const { return size_; }
  // What kind of file its first bytes say it is. An HDF5 file may start after a block of 512 · 2^n bytes.
  enum class Format : uint8_t { zip, hdf5, other };
  Format format() const;
  // All its bytes.
  std::vector<uint8_t> read() const;
  // Its first bytes, up to 4096.
  std::vector<uint8_t> read_start() const;
  // Gives the open file away, for libzip.
  int release();

 private:
  std::vector<uint8_t> read_first(uint64_t count) const;

  std::string shown_;
  uint64_t size_ = 0;
  int file_ = -1;
};

}  // namespace hornbeam::saving
