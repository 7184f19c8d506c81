// .npy files, in and out.
#include "runtime/data/npy.h"

#include <cstring>

#include <hornbeam/base/error.h>
#include <hornbeam/base/strings.h>
#include <hornbeam/runtime/data/npy.h>

#include "runtime/data/byte_order.h"
#include "runtime/data/file.h"
#include "runtime/data/npy_header.h"
#include "runtime/data/npy_text.h"

namespace hornbeam::runtime {
namespace {

constexpr size_t kMaxHeader = 1 << 16;

[[noreturn]] void refuse(const std::string& origin, const std::string& what) {
  throw IOError("'" + origin + "' is no whole .npy file: " + what + ".");
}

// Elements in column-major order of `shape` to a row-major array.
Array from_fortran_order(const Array& columns, const Shape& shape) {
  Array array(columns.dtype(), shape);
  const bool texts = columns.dtype() == DType::string;
  size_t size = size_of(columns.dtype());
  const char* from = static_cast<const char*>(columns.data());
  char* to = static_cast<char*>(array.mutable_data());
  std::vector<int64_t> index(shape.size(), 0);
  std::vector<int64_t> strides(shape.size(), 1);  // of the file's order, in elements
  for (size_t axis = 1; axis < shape.size(); ++axis) strides[axis] = strides[axis - 1] * shape[axis - 1];
  int64_t source = 0;
  for (int64_t i = 0, count = array.num_elements(); i < count; ++i) {
    if (texts)
      mutable_strings_of(array)[static_cast<size_t>(i)] = strings_of(columns)[static_cast<size_t>(source)];
    else
      std::memcpy(to + i * size, from + source * size, size);
    for (size_t axis = shape.size(); axis-- > 0;) {
      source += strides[axis];
      if (++index[axis] < shape[axis]) break;
      source -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return array;
}

}  // namespace

NpyHeader read_npy_header(ByteSource& source, const std::string& origin, size_t& bytes) {
  uint8_t preamble[12];
  if (source.read(preamble, 8) < 8 || std::memcmp(preamble, "\x93NUMPY", 6) != 0)
    refuse(origin, "it does not begin with NumPy's magic bytes");
  int version = preamble[6];
  if (version < 1 || version > 3 || preamble[7] != 0)
    refuse(origin, "its format version " + std::to_string(version) + "." + std::to_string(preamble[7]) +
                       " is unknown, 1.0 to 3.0 were expected");
  size_t length_bytes = version == 1 ? 2 : 4;
  if (source.read(preamble + 8, length_bytes) < length_bytes) refuse(origin, "it ends within its header");
  size_t length = 0;
  for (size_t i = length_bytes; i-- > 0;) length = length << 8 | preamble[8 + i];
  if (length > kMaxHeader)
    refuse(origin, "its header has " + std::to_string(length) + " bytes, at most " + std::to_string(kMaxHeader) +
                       " were expected");
  std::string text(length, '\0');
  if (source.read(text.data(), length) < length) refuse(origin, "it ends within its header");
  bytes = 8 + length_bytes + length;
  return parse_npy_header(text, origin);
}

Array read_npy_from(ByteSource& source, const std::string& origin) {
  size_t header_bytes;
  NpyHeader header = read_npy_header(source, origin, header_bytes);
  size_t expected = header.element_bytes();
  bool fits = true;
  for (int64_t dim : header.shape) fits &= !__builtin_mul_overflow(expected, static_cast<size_t>(dim), &expected);
  if (!fits || expected > source.at_most_left())
    refuse(origin, "shape " + header.shape.to_string() + " of " + std::string(name_of(header.dtype)) + " needs " +
                       (fits ? std::to_string(expected) : std::string("too many")) + " bytes of elements, received " +
                       "at most " + std::to_string(source.at_most_left()));
  // Strings come as bytes first.
  Array array = header.text ? make_array(DType::uint8, {static_cast<int64_t>(expected)}, origin)
                            : make_array(header.dtype, header.shape, origin);
  size_t size = source.read(array.mutable_data(), expected);
  if (size < expected)
    refuse(origin, "shape " + header.shape.to_string() + " of " + std::string(name_of(header.dtype)) + " needs " +
                       std::to_string(expected) + " bytes of elements, received " + std::to_string(size));
  char rest;
  if (source.read(&rest, 1) != 0)
    refuse(origin, "shape " + header.shape.to_string() + " ends after " + std::to_string(expected) +
                       " bytes of elements, more follow");

  if (header.text) {
    Array texts = decode_npy_text(array, header, origin);
    return header.fortran_order && header.shape.size() > 1 ? from_fortran_order(texts, header.shape) : texts;
  }
  size_t count = expected / size_of(header.dtype);
  if (header.swapped) swap_bytes(array.mutable_data(), size_of(header.dtype), count);
  if (header.dtype == DType::boolean) {
    // A C++ bool is 0 or 1; a file may hold any byte.
    uint8_t* bytes = static_cast<uint8_t*>(array.mutable_data());
    for (size_t i = 0; i < count; ++i) bytes[i] = bytes[i] != 0;
  }
  return header.fortran_order && header.shape.size() > 1 ? from_fortran_order(array, header.shape) : array;
}

Array read_npy(const std::string& path) { return read_npy_from(*file_source(path), path); }

Array parse_npy(std::string_view bytes, const std::string& origin) {
  return read_npy_from(*memory_source(bytes), origin);
}

std::string serialize_npy(const Array& array) {
  if (array.dtype() == DType::string) return serialize_npy_text(array);
  std::string bytes = make_npy_header(array.dtype(), array.shape());
  return bytes.append(static_cast<const char*>(array.data()), array.bytes());
}

void write_npy(const std::string& path, const Array& array) { write_file_atomically(path, serialize_npy(array)); }

}  // namespace hornbeam::runtime
