// Reading and atomic replacing of whole files by POSIX calls.
#include "runtime/data/file.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>
#include <stdexcept>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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
  // Closing may report a write error that came late (network file systems).
  bool close() {
    int fd = fd_;
    fd_ = -1;
    return ::close(fd) == 0;
  }

 private:
  int fd_;
};

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

// A rename is on the disk when the folder is. Some file systems cannot flush a folder; the data itself is safe by then.
void flush_folder(const std::string& path) {
  size_t slash = path.rfind('/');
  std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  FileDescriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.valid()) ::fsync(fd.get());
}

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
  // The name is unique, so two processes that save to one path cannot mix their bytes.
  std::string temporary = path + ".XXXXXX";
  FileDescriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!file.valid()) throw IOError("Cannot write '" + path + "': " + reason() + ".");
  auto fail = [&] {
    std::string why = reason();
    ::unlink(temporary.c_str());
    throw IOError("Cannot write '" + path + "': " + why + ".");
  };
  // mkostemp makes private files; a saved file gets the rights that any new file would, or keeps those it has.
  struct stat old;
  mode_t mode;
  if (::stat(path.c_str(), &old) == 0) {
    mode = old.st_mode & 07777;
  } else {
    mode_t mask = ::umask(0);
    ::umask(mask);
    mode = 0666 & ~mask;
  }
  if (::fchmod(file.get(), mode) != 0 || !write_all(file.get(), bytes) || ::fsync(file.get()) != 0 || !file.close())
    fail();
  if (::rename(temporary.c_str(), path.c_str()) != 0) fail();
  flush_folder(path);
}

}  // namespace hornbeam::runtime
