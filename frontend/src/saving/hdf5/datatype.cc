// Datatypes: which of HDF5's describe a dtype that Keras writes.
#include "frontend/src/saving/hdf5/messages.h"

namespace hornbeam::hdf5 {
namespace {

enum Class : uint8_t { kFixedPoint = 0, kFloatingPoint = 1, kString = 3, kOpaque = 5, kEnum = 8, kVariableLength = 9 };

// The first eight bytes of every datatype.
struct Head {
  uint8_t version;
  uint8_t type_class;
  uint32_t bits;
  uint32_t size;
};

Head read_head(Cursor& cursor) {
  uint8_t first = cursor.u8();
  Head head;
  head.version = first >> 4;
  head.type_class = first & 15;
  head.bits = static_cast<uint32_t>(cursor.uint(3));
  head.size = cursor.u32();
  if (head.version < 1 || head.version > 3)
    cursor.fail("version " + std::to_string(head.version) + " is not supported");
  if (head.size == 0) cursor.fail("its elements have no bytes");
  return head;
}

void read_fixed_point(Cursor& cursor, const Head& head, Datatype& type) {
  bool is_signed = head.bits & 8;
  type.big_endian = head.bits & 1;
  uint16_t offset = cursor.u16();
  uint16_t precision = cursor.u16();
  type.text = (is_signed ? "int" : "uint") + std::to_string(precision) + " in " + std::to_string(head.size) + " bytes";
  if (offset != 0 || precision != 8 * head.size) return;
  switch (head.size) {
    case 1:
      type.dtype = is_signed ? DType::int8 : DType::uint8;
      break;
    case 2:
      type.dtype = is_signed ? DType::int16 : DType::uint16;
      break;
    case 4:
      type.dtype = is_signed ? DType::int32 : DType::uint32;
      break;
    case 8:
      type.dtype = is_signed ? DType::int64 : DType::uint64;
      break;
    default:
      return;
  }
  type.kind = Datatype::Kind::number;
}

void read_floating_point(Cursor& cursor, const Head& head, Datatype& type) {
  type.big_endian = head.bits & 1;
  type.text = "a float of " + std::to_string(head.size) + " bytes";
  struct Format {
    uint32_t size;
    int exponent_at, exponent_bits, mantissa_bits;
    uint32_t bias;
    DType dtype;
  };
  static constexpr Format kFormats[] = {{2, 10, 5, 10, 15, DType::float16},
                                        {2, 7, 8, 7, 127, DType::bfloat16},
                                        {4, 23, 8, 23, 127, DType::float32},
                                        {8, 52, 11, 52, 1023, DType::float64}};
  uint16_t offset = cursor.u16();
  uint16_t precision = cursor.u16();
  int exponent_at = cursor.u8();
  int exponent_bits = cursor.u8();
  int mantissa_at = cursor.u8();
  int mantissa_bits = cursor.u8();
  uint32_t bias = cursor.u32();
  if (head.bits & 0x40) return;  // VAX byte order
  for (const Format& format : kFormats)
    if (head.size == format.size && offset == 0 && precision == 8 * format.size && mantissa_at == 0 &&
        exponent_at == format.exponent_at && exponent_bits == format.exponent_bits &&
        mantissa_bits == format.mantissa_bits && bias == format.bias) {
      type.dtype = format.dtype;
      type.kind = Datatype::Kind::number;
    }
}

// h5py writes bool as an enumeration of int8 with the members FALSE = 0 and TRUE = 1.
void read_enum(Cursor& cursor, const Head& head, Datatype& type) {
  type.text = "an enumeration";
  uint32_t members = head.bits & 0xffff;
  Head base = read_head(cursor);
  if (base.type_class != kFixedPoint) cursor.fail("an enumeration that is not of integers");
  cursor.skip(4);  // the base type's offset and precision
  if (base.size != 1 || head.size != 1 || members != 2) return;
  std::string names[2];
  for (std::string& name : names) {
    size_t start = cursor.position();
    name = cursor.zero_terminated();
    if (head.version < 3) cursor.skip((8 - (cursor.position() - start) % 8) % 8);
  }
  uint8_t first = cursor.u8();
  uint8_t second = cursor.u8();
  if (names[0] != "FALSE" || names[1] != "TRUE" || first != 0 || second != 1) return;
  type.dtype = DType::boolean;
  type.kind = Datatype::Kind::number;
}

void read_variable_length(Cursor& cursor, const Head& head, Datatype& type) {
  type.text = "a list of variable length";
  if ((head.bits & 15) != 1) return;  // 1: a string
  read_head(cursor);
  type.kind = Datatype::Kind::variable_string;
  type.text = "strings of variable length";
}

}  // namespace

Datatype read_datatype(const Image& image, Span body) {
  Cursor cursor(body, image.name(), "datatype");
  Head head = read_head(cursor);
  Datatype type;
  type.size = head.size;
  switch (head.type_class) {
    case kFixedPoint:
      read_fixed_point(cursor, head, type);
      break;
    case kFloatingPoint:
      read_floating_point(cursor, head, type);
      break;
    case kEnum:
      read_enum(cursor, head, type);
      break;
    case kVariableLength:
      read_variable_length(cursor, head, type);
      break;
    case kString:
      type.kind = Datatype::Kind::fixed_string;
      type.padding = head.bits & 15;
      type.text = "strings of " + std::to_string(head.size) + " bytes";
      break;
    case kOpaque:
      type.kind = head.size == 2 ? Datatype::Kind::raw2 : Datatype::Kind::other;
      type.text = "opaque elements of " + std::to_string(head.size) + " bytes";
      break;
    default:
      type.text = "datatype class " + std::to_string(head.type_class);
  }
  return type;
}

}  // namespace hornbeam::hdf5
