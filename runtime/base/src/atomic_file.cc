// Atomic replacing of files by POSIX calls.
#include <hornbeam/base/atomic_file.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <hornbeam/base/error.h>

namespace hornbeam {
namespace {

thread_local std::function<void(const FileOperation&)> observer;

void tell(FileOperation operation) {
  if (observer) observer(operation);
}

// Where a symbolic link points to; the path itself if it is none or points to nothing.
std::string resolved(const std::string& path) {
  char* real = ::realpath(path.c_str(), nullptr);
  if (!real) return path;
  std::string out = real;
  std::free(real);
  return out;
}

std::string folder_of(const std::string& path) {
  size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

void observe_file_operations(std::function<void(const FileOperation&)> next) { observer = std::move(next); }

AtomicFile::AtomicFile(const std::string& path, bool overwrite, Kind kind)
    : shown_(path), path_(resolved(path)), overwrite_(overwrite), kind_(kind) {
  struct stat old;
  bool exists = ::stat(path_.c_str(), &old) == 0;
  if (exists && !S_ISREG(old.st_mode))
    throw IOError("Cannot write '" + shown_ + "': " + (S_ISDIR(old.st_mode) ? "it is a folder." : "it is no file."));
  if (exists && !overwrite_)
    throw IOError("Cannot write '" + shown_ + "': it is there already, and it is not to be overwritten.");
  // The name is unique, so two processes that save to one path cannot mix their bytes.
  std::string name = path_ + ".XXXXXX";
  file_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (file_ < 0) fail(errno);
  temporary_ = name;
  tell({.kind = FileOperation::Kind::create, .path = temporary_});
  // mkostemp makes private files; a saved file gets the rights that any new file would, or keeps those it has.
  mode_t mode = exists ? old.st_mode & 07777 : 0;
  if (kind_ == Kind::cache) {
    mode = 0600;
  } else if (!exists) {
    mode_t mask = ::umask(0);
    ::umask(mask);
    mode = 0666 & ~mask;
  }
  if (::fchmod(file_, mode) != 0) {
    int error = errno;
    ::close(file_);
    ::unlink(temporary_.c_str());
    fail(error);
  }
}

AtomicFile::~AtomicFile() {
  if (file_ >= 0) ::close(file_);
  if (temporary_.empty()) return;
  ::unlink(temporary_.c_str());
  tell({.kind = FileOperation::Kind::remove, .path = temporary_});
}

void AtomicFile::write(std::string_view bytes) { write_at(size_, bytes); }

void AtomicFile::write_at(uint64_t offset, std::string_view bytes) {
  std::string_view left = bytes;
  uint64_t at = offset;
  while (!left.empty()) {
    ssize_t count = ::pwrite(file_, left.data(), left.size(), static_cast<off_t>(at));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) fail(count < 0 ? errno : ENOSPC);
    left.remove_prefix(static_cast<size_t>(count));
    at += static_cast<uint64_t>(count);
  }
  if (at > size_) size_ = at;
  if (observer)
    tell({.kind = FileOperation::Kind::write, .path = temporary_, .offset = offset, .bytes = std::string(bytes)});
}

void AtomicFile::commit() {
  if (kind_ == Kind::document) {
    if (::fsync(file_) != 0) fail(errno);
    tell({.kind = FileOperation::Kind::flush, .path = temporary_});
  }
  // Closing may report a write error that came late (network file systems).
  int file = std::exchange(file_, -1);
  if (::close(file) != 0) fail(errno);
  if (overwrite_) {
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail(errno);
  } else {
    // Unlike rename, link refuses a name that has come up meanwhile.
    if (::link(temporary_.c_str(), path_.c_str()) != 0) fail(errno);
    ::unlink(temporary_.c_str());
  }
  std::string temporary = std::exchange(temporary_, "");
  tell({.kind = FileOperation::Kind::rename, .path = temporary, .to = path_});
  if (kind_ == Kind::cache) return;
  // The new name is on the disk once the folder is. Some file systems cannot flush one; then there is nothing to do.
  std::string folder = folder_of(path_);
  int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) return;
  ::fsync(opened);
  ::close(opened);
  tell({.kind = FileOperation::Kind::flush_folder, .path = folder});
}

void AtomicFile::fail(int error) const {
  std::string why = std::strerror(error);
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) why += "; the disk has no room for it";
  throw IOError("Cannot write '" + shown_ + "': " + why + ".");
}

}  // namespace hornbeam
