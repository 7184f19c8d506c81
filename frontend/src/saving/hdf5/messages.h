// Object headers: the list of messages that describe a group or a dataset, and what each kind of message says.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <hornbeam/base/dtype.h>
#include <hornbeam/base/shape.h>

#include "frontend/src/saving/hdf5/image.h"

namespace hornbeam::hdf5 {

enum class MessageType : uint16_t {
  dataspace = 0x01,
  link_info = 0x02,
  datatype = 0x03,
  link = 0x06,
  external_files = 0x07,
  layout = 0x08,
  filters = 0x0b,
  attribute = 0x0c,
  continuation = 0x10,
  symbol_table = 0x11,
  attribute_info = 0x15,
};

struct Message {
  MessageType type;
  Span body;
};

// All messages of the header at `address` (versions 1 and 2), its continuations followed.
std::vector<Message> read_object_header(const Image& image, uint64_t address);

struct Datatype {
  enum class Kind : uint8_t {
    number,           // dtype says which; also the enumeration that h5py writes for bool
    fixed_string,     // `size` bytes, padded
    variable_string,  // a length and a place in a global heap
    raw2,             // opaque of two bytes: bfloat16 where an attribute says so
    other,            // anything Keras does not write
  };
  Kind kind = Kind::other;
  DType dtype = DType::invalid;
  bool big_endian = false;
  uint32_t size = 0;    // bytes of one element in the file
  uint8_t padding = 0;  // of a fixed string: 0 zero-terminated, 1 filled with zeros, 2 filled with spaces
  std::string text;     // for error messages
};

struct Dataspace {
  bool null = false;  // has no elements at all
  Shape shape;        // of a scalar: ()
};

struct Filter {
  uint16_t id = 0;
  std::vector<uint32_t> values;
};

struct Layout {
  enum class Kind : uint8_t { compact, contiguous, chunked, single_chunk, implicit_chunks };
  Kind kind = Kind::contiguous;
  Span compact;                   // compact: the data
  uint64_t address = kUndefined;  // contiguous: of the data; chunked: of the index
  uint64_t size = 0;              // contiguous: bytes of the data
  std::vector<uint64_t> chunk;    // chunked: elements of a chunk along each axis
  uint64_t chunk_bytes = 0;       // single chunk that went through filters: bytes in the file
  uint32_t filter_mask = 0;       // single chunk: filters that were left out
};

struct Attribute {
  std::string name;
  Datatype type;
  Dataspace space;
  Span data;
};

struct Link {
  std::string name;
  uint64_t address = kUndefined;  // of the target's header; kUndefined for a soft or external link
};

Datatype read_datatype(const Image& image, Span body);
Dataspace read_dataspace(const Image& image, Span body);
Layout read_layout(const Image& image, Span body);
std::vector<Filter> read_filters(const Image& image, Span body);
Attribute read_attribute(const Image& image, Span body);
Link read_link(const Image& image, Span body);

// Elements of the shape; fails where the number does not fit 63 bits.
uint64_t count_elements(const Image& image, const Shape& shape);

}  // namespace hornbeam::hdf5
