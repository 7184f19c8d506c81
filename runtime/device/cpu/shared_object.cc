// Loads an image through an anonymous file: dlopen is the one loader that debuggers, profilers and sanitizers all know.
#include "runtime/device/cpu/shared_object.h"

#include <cerrno>
#include <cstring>

#include <dlfcn.h>
#include <sys/mman.h>
#include <unistd.h>

#include <hornbeam/base/error.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

namespace hornbeam::runtime {
namespace {

int anonymous_file() {
  // Kernels since 6.3 may be set to make such files non-executable unless asked; older ones do not know the flag.
  int fd = ::memfd_create("hornbeam_program", MFD_CLOEXEC | MFD_EXEC);
  if (fd < 0 && errno == EINVAL) fd = ::memfd_create("hornbeam_program", MFD_CLOEXEC);
  if (fd < 0) throw IOError("Cannot make an anonymous file for a program: " + std::string(std::strerror(errno)) + ".");
  return fd;
}

std::string loader_reason() {
  const char* reason = ::dlerror();
  return reason ? reason : "unknown reason";
}

}  // namespace

SharedObject::SharedObject(std::string_view image) {
  if (!image.starts_with("\177ELF"))
    throw IOError("A program's image must be an ELF shared object. Received: " + std::to_string(image.size()) +
                  " bytes of something else");
  // The file stays open as long as the object is loaded: the loader knows objects by path, and the number of a closed
  // file, and so its path, is used again.
  fd_ = anonymous_file();
  for (size_t done = 0; done < image.size();) {
    ssize_t count = ::write(fd_, image.data() + done, image.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      std::string reason = std::strerror(errno);
      ::close(fd_);
      throw IOError("Cannot store a program's image of " + std::to_string(image.size()) + " bytes: " + reason + ".");
    }
    done += static_cast<size_t>(count);
  }
  handle_ = ::dlopen(("/proc/self/fd/" + std::to_string(fd_)).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle_) {
    std::string reason = loader_reason();
    ::close(fd_);
    throw IOError("Cannot load a program's image: " + reason + ".");
  }
}

SharedObject::~SharedObject() {
  ::dlclose(handle_);
  ::close(fd_);
}

void* SharedObject::find_or_null(const std::string& symbol) const { return ::dlsym(handle_, symbol.c_str()); }

void* SharedObject::find(const std::string& symbol) const {
  void* address = find_or_null(symbol);
  if (!address) throw IOError("A program's image lacks the symbol '" + symbol + "'.");
  return address;
}

}  // namespace hornbeam::runtime
