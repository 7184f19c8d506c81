// Reading by POSIX calls.
#include "frontend/src/saving/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <hornbeam/base/error.h>

#include "frontend/src/saving/printable.h"

namespace hornbeam::saving {

InputFile::InputFile(const std::string& path) : shown_(printable(path)) {
  file_ = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file_ < 0) throw IOError("File not found or not readable: " + shown_ + " (" + std::strerror(errno) + ")");
  struct stat about;
  if (fstat(file_, &about) != 0 || !S_ISREG(about.st_mode)) {
    close(file_);
    throw IOError(shown_ + ": not a regular file");
  }
  size_ = static_cast<uint64_t>(about.st_size);
}

InputFile::~InputFile() {
  if (file_ >= 0) close(file_);
}

InputFile::Format InputFile::format() const {
  char first[8] = {};
  auto starts = [&](uint64_t at, const char* with, size_t length) {
    return pread(file_, first, length, static_cast<off_t>(at)) == static_cast<ssize_t>(length) &&
           std::memcmp(first, with, length) == 0;
  };
  if (starts(0, "PK", 2)) return Format::zip;
  for (uint64_t at = 0; at < size_; at = at == 0 ? 512 : 2 * at)
    if (starts(at, "\x89HDF\r\n\x1a\n", 8)) return Format::hdf5;
  return Format::other;
}

std::vector<uint8_t> InputFile::read() const { return read_first(size_); }
std::vector<uint8_t> InputFile::read_start() const { return read_first(std::min<uint64_t>(size_, 4096)); }

std::vector<uint8_t> InputFile::read_first(uint64_t count) const {
  std::vector<uint8_t> bytes(count);
  for (size_t done = 0; done < bytes.size();) {
    ssize_t got = pread(file_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw IOError(shown_ + ": it could not be read to its end");
    done += static_cast<size_t>(got);
  }
  return bytes;
}

int InputFile::release() { return std::exchange(file_, -1); }

}  // namespace hornbeam::saving
