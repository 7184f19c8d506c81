// IDX: two zero bytes, the element type, the rank, the axes as big-endian 32-bit numbers, the elements big-endian
// (the format's description stands on the site of the MNIST database).
#include <hornbeam/runtime/data/idx.h>

#include <bit>
#include <cstdint>
#include <optional>

#include <hornbeam/base/error.h>

#include "runtime/data/byte_order.h"
#include "runtime/data/file.h"
#include "runtime/data/source.h"

namespace hornbeam::runtime {
namespace {

std::optional<DType> dtype_of_code(uint8_t code) {
  switch (code) {
    case 0x08: return DType::uint8;
    case 0x09: return DType::int8;
    case 0x0B: return DType::int16;
    case 0x0C: return DType::int32;
    case 0x0D: return DType::float32;
    case 0x0E: return DType::float64;
    default: return std::nullopt;
  }
}

}  // namespace

Array read_idx(const std::string& path) {
  std::string bytes = read_file(path);
  std::unique_ptr<ByteSource> source = is_gzip(bytes) ? gzip_source(bytes, path) : memory_source(bytes);
  auto refuse = [&](const std::string& what) { throw IOError("'" + path + "' is no whole IDX file: " + what + "."); };

  uint8_t magic[4];
  size_t size = source->read(magic, 4);
  if (size < 4) refuse("its header has at least 4 bytes, received " + std::to_string(size));
  if (magic[0] != 0 || magic[1] != 0) refuse("its first two bytes must be 0");
  std::optional<DType> dtype = dtype_of_code(magic[2]);
  if (!dtype) refuse("its element type " + std::to_string(magic[2]) + " is unknown");
  Shape shape;
  // Every axis that an element could need may come; more than the product check allows cannot.
  size_t expected = size_of(*dtype);
  for (int axis = 0; axis < magic[3]; ++axis) {
    uint8_t dim[4];
    size = source->read(dim, 4);
    if (size < 4) refuse("its header ends within the " + std::to_string(magic[3]) + " axes");
    uint32_t length = uint32_t{dim[0]} << 24 | uint32_t{dim[1]} << 16 | uint32_t{dim[2]} << 8 | dim[3];
    shape.push_back(length);
    if (__builtin_mul_overflow(expected, size_t{length}, &expected)) refuse("its shape is impossible");
  }
  if (expected > source->at_most_left())
    refuse("shape " + shape.to_string() + " of " + std::string(name_of(*dtype)) + " needs " + std::to_string(expected) +
           " bytes of elements, received at most " + std::to_string(source->at_most_left()));

  Array array = make_array(*dtype, shape, path);
  size = source->read(array.mutable_data(), expected);
  if (size < expected)
    refuse("shape " + shape.to_string() + " of " + std::string(name_of(*dtype)) + " needs " + std::to_string(expected) +
           " bytes of elements, received " + std::to_string(size));
  // Reading on also makes the gzip checksum be compared.
  char rest;
  if (source->read(&rest, 1) != 0)
    refuse("shape " + shape.to_string() + " ends after " + std::to_string(expected) +
           " bytes of elements, more follow");
  if constexpr (std::endian::native == std::endian::little)
    swap_bytes(array.mutable_data(), size_of(*dtype), static_cast<size_t>(array.num_elements()));
  return array;
}

}  // namespace hornbeam::runtime
