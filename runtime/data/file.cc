// Reading and atomic replacing of whole files by POSIX calls.
#include "runtime/data/file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <stdexcept>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <hornbeam/base/atomic_file.h>
#include <hornbeam/base/error.h>

namespace hornbeam::runtime {
namespace {

std::string reason() { return std::strerror(errno); }

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }

 private:
  int fd_;
};

}  // namespace

std::string read_file(const std::string& path) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) throw IOError("Cannot open '" + path + "': " + reason() + ".");
  struct stat info;
  if (::fstat(file.get(), &info) != 0) throw IOError("Cannot read '" + path + "': " + reason() + ".");
  if (S_ISDIR(info.st_mode)) throw IOError("Cannot read '" + path + "': it is a folder, a file was expected.");
  std::string bytes;
  size_t size = 0;
  // The size that the file system reports is real storage only for a regular file; else grow by what arrives.
  size_t chunk = S_ISREG(info.st_mode) && info.st_blocks > 0 ? static_cast<size_t>(info.st_size) + 1 : 65536;
  try {
    for (;;) {
      if (size == bytes.size()) bytes.resize(size + (size == 0 ? chunk : std::max<size_t>(65536, size / 2)));
      ssize_t count = ::read(file.get(), bytes.data() + size, bytes.size() - size);
      if (count < 0) {
        if (errno == EINTR) continue;
        throw IOError("Cannot read '" + path + "': " + reason() + ".");
      }
      if (count == 0) break;
      size += static_cast<size_t>(count);
    }
    bytes.resize(size);
  } catch (const std::bad_alloc&) {
    throw IOError("Cannot read '" + path + "': no memory for its " + std::to_string(info.st_size) + " bytes.");
  } catch (const std::length_error&) {
    throw IOError("Cannot read '" + path + "': no memory for its " + std::to_string(info.st_size) + " bytes.");
  }
  return bytes;
}

void write_file_atomically(const std::string& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

}  // namespace hornbeam::runtime
