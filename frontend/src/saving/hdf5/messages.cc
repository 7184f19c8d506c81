// Dataspaces, data layouts, filters, attributes and links, as object header messages hold them.
#include "frontend/src/saving/hdf5/messages.h"

#include "frontend/src/saving/printable.h"

namespace hornbeam::hdf5 {
namespace {

constexpr int kMaxRank = 32;  // HDF5's own limit

std::string number(uint64_t value) { return std::to_string(value); }

Span padded_to_8(Cursor& cursor, uint16_t size, bool padded) {
  Span piece = cursor.take(size);
  if (padded) cursor.skip((8 - size % 8) % 8);
  return piece;
}

void read_chunk_shape(Cursor& cursor, int width, size_t dimensions, Layout& layout) {
  // The last dimension is the bytes of an element, which the datatype says as well.
  if (dimensions < 2 || dimensions > kMaxRank + 1) cursor.fail("chunks of " + number(dimensions) + " dimensions");
  for (size_t i = 0; i + 1 < dimensions; ++i) {
    layout.chunk.push_back(cursor.uint(width));
    if (layout.chunk.back() == 0) cursor.fail("a chunk has no elements");
  }
  cursor.skip(width);
}

void read_chunked_4(const Image& image, Cursor& cursor, Layout& layout) {
  uint8_t flags = cursor.u8();
  uint8_t dimensions = cursor.u8();
  uint8_t width = cursor.u8();
  if (width < 1 || width > 8) cursor.fail("chunk sizes of " + number(width) + " bytes");
  read_chunk_shape(cursor, width, dimensions, layout);
  uint8_t index = cursor.u8();
  if (index == 1) {
    layout.kind = Layout::Kind::single_chunk;
    if (flags & 2) {
      layout.chunk_bytes = image.length(cursor);
      layout.filter_mask = cursor.u32();
    }
  } else if (index == 2) {
    layout.kind = Layout::Kind::implicit_chunks;
  } else {
    cursor.fail("its chunk index (number " + number(index) +
                ") is not supported; write the file with libver=\"earliest\", as Keras does");
  }
  layout.address = image.address(cursor);
}

}  // namespace

uint64_t count_elements(const Image& image, const Shape& shape) {
  int64_t count = 1;
  for (int64_t dim : shape)
    if (dim < 0 || __builtin_mul_overflow(count, dim, &count))
      image.fail("a shape has more elements than can be counted");
  return count;
}

Dataspace read_dataspace(const Image& image, Span body) {
  Cursor cursor(body, image.name(), "dataspace");
  uint8_t version = cursor.u8();
  uint8_t rank = cursor.u8();
  cursor.skip(1);  // flags
  Dataspace space;
  if (version == 1)
    cursor.skip(5);
  else if (version == 2)
    space.null = cursor.u8() == 2;
  else
    cursor.fail("version " + number(version) + " is not supported");
  if (rank > kMaxRank) cursor.fail(number(rank) + " dimensions");
  for (int i = 0; i < rank; ++i) {
    uint64_t dim = image.length(cursor);
    if (dim > static_cast<uint64_t>(INT64_MAX)) cursor.fail("a dimension of " + number(dim));
    space.shape.push_back(static_cast<int64_t>(dim));
  }
  count_elements(image, space.shape);
  return space;
}

Layout read_layout(const Image& image, Span body) {
  Cursor cursor(body, image.name(), "data layout");
  uint8_t version = cursor.u8();
  if (version != 3 && version != 4) cursor.fail("version " + number(version) + " is not supported (3 and 4 are)");
  uint8_t kind = cursor.u8();
  Layout layout;
  switch (kind) {
    case 0:
      layout.kind = Layout::Kind::compact;
      layout.compact = cursor.take(cursor.u16());
      break;
    case 1:
      layout.kind = Layout::Kind::contiguous;
      layout.address = image.address(cursor);
      layout.size = image.length(cursor);
      break;
    case 2:
      layout.kind = Layout::Kind::chunked;
      if (version == 4) {
        read_chunked_4(image, cursor, layout);
      } else {
        uint8_t dimensions = cursor.u8();
        layout.address = image.address(cursor);
        read_chunk_shape(cursor, 4, dimensions, layout);
      }
      break;
    case 3:
      cursor.fail("a virtual dataset takes its data from other files, which is not allowed");
    default:
      cursor.fail("layout class " + number(kind) + " is not known");
  }
  return layout;
}

std::vector<Filter> read_filters(const Image& image, Span body) {
  Cursor cursor(body, image.name(), "filter pipeline");
  uint8_t version = cursor.u8();
  if (version != 1 && version != 2) cursor.fail("version " + number(version) + " is not supported");
  uint8_t count = cursor.u8();
  if (count > 32) cursor.fail(number(count) + " filters");
  if (version == 1) cursor.skip(6);
  std::vector<Filter> filters(count);
  for (Filter& filter : filters) {
    filter.id = cursor.u16();
    uint16_t name_size = version == 1 || filter.id >= 256 ? cursor.u16() : 0;
    cursor.skip(2);  // flags: optional or not, which only matters to a writer
    uint16_t values = cursor.u16();
    padded_to_8(cursor, name_size, version == 1);
    for (int i = 0; i < values; ++i) filter.values.push_back(cursor.u32());
    if (version == 1 && values % 2 == 1) cursor.skip(4);
  }
  return filters;
}

Attribute read_attribute(const Image& image, Span body) {
  Cursor cursor(body, image.name(), "attribute");
  uint8_t version = cursor.u8();
  if (version < 1 || version > 3) cursor.fail("version " + number(version) + " is not supported");
  uint8_t flags = cursor.u8();
  if (version > 1 && (flags & 3)) cursor.fail("a datatype shared between objects is not supported");
  uint16_t name_size = cursor.u16();
  uint16_t type_size = cursor.u16();
  uint16_t space_size = cursor.u16();
  if (version == 3) cursor.skip(1);  // the name's character set
  bool padded = version == 1;
  Span name = padded_to_8(cursor, name_size, padded);
  Attribute attribute;
  attribute.name = Cursor(name, image.name(), "attribute name").zero_terminated();
  attribute.type = read_datatype(image, padded_to_8(cursor, type_size, padded));
  attribute.space = read_dataspace(image, padded_to_8(cursor, space_size, padded));
  uint64_t elements = attribute.space.null ? 0 : count_elements(image, attribute.space.shape);
  uint64_t bytes;
  if (__builtin_mul_overflow(elements, uint64_t{attribute.type.size}, &bytes))
    cursor.fail("\"" + saving::printable(attribute.name) + "\" has more bytes than can be counted");
  attribute.data = cursor.take(bytes);
  return attribute;
}

Link read_link(const Image& image, Span body) {
  Cursor cursor(body, image.name(), "link");
  if (uint8_t version = cursor.u8(); version != 1) cursor.fail("version " + number(version) + " is not supported");
  uint8_t flags = cursor.u8();
  uint8_t kind = flags & 0x08 ? cursor.u8() : 0;
  if (flags & 0x04) cursor.skip(8);  // creation order
  if (flags & 0x10) cursor.skip(1);  // character set
  Span name = cursor.take(cursor.uint(1 << (flags & 3)));
  Link link;
  link.name.assign(name.begin(), name.end());
  if (kind == 0) link.address = image.address(cursor);
  return link;
}

}  // namespace hornbeam::hdf5
