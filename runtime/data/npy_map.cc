// A .npy file as an array without reading it: its pages are mapped.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <hornbeam/base/error.h>
#include <hornbeam/runtime/data/npy.h>

#include "runtime/data/npy.h"

namespace hornbeam::runtime {
namespace {

bool lies_as_in_memory(const NpyHeader& header, size_t offset) {
  if (header.dtype == DType::boolean || header.dtype == DType::string || header.dtype == DType::invalid) return false;
  return !header.swapped && !(header.fortran_order && header.shape.size() > 1) && offset % size_of(header.dtype) == 0;
}

}  // namespace

Array map_npy(const std::string& path) {
  size_t offset = 0;
  NpyHeader header = read_npy_header(*file_source(path), path, offset);
  if (!lies_as_in_memory(header, offset)) return read_npy(path);
  size_t wanted = size_of(header.dtype);
  bool fits = true;
  for (int64_t dim : header.shape) fits &= !__builtin_mul_overflow(wanted, static_cast<size_t>(dim), &wanted);
  int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat info;
  bool known = file >= 0 && ::fstat(file, &info) == 0 && S_ISREG(info.st_mode);
  size_t size = known ? static_cast<size_t>(info.st_size) : 0;
  // A file that is not whole, or empty, is left to the reader and its errors.
  if (!known || !fits || wanted == 0 || size < offset || size - offset != wanted) {
    if (file >= 0) ::close(file);
    return read_npy(path);
  }
  void* pages = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  int error = errno;
  ::close(file);
  if (pages == MAP_FAILED) throw IOError("Cannot map '" + path + "': " + std::strerror(error) + ".");
  std::shared_ptr<const void> owner(pages, [size](const void* at) { ::munmap(const_cast<void*>(at), size); });
  return Array::share(header.dtype, header.shape, static_cast<const char*>(pages) + offset, owner);
}

}  // namespace hornbeam::runtime
