#include <hornbeam/base/dtype.h>

#include <array>

namespace hornbeam {
namespace {

struct Entry {
  DType dtype;
  std::string_view name;
  size_t size;
};

constexpr std::array<Entry, 15> kDTypes = {{
    {DType::invalid, "invalid", 0},
    {DType::boolean, "bool", 1},
    {DType::int8, "int8", 1},
    {DType::int16, "int16", 2},
    {DType::int32, "int32", 4},
    {DType::int64, "int64", 8},
    {DType::uint8, "uint8", 1},
    {DType::uint16, "uint16", 2},
    {DType::uint32, "uint32", 4},
    {DType::uint64, "uint64", 8},
    {DType::float16, "float16", 2},
    {DType::bfloat16, "bfloat16", 2},
    {DType::float32, "float32", 4},
    {DType::float64, "float64", 8},
    {DType::string, "string", 0},
}};

}  // namespace

std::string_view name_of(DType dtype) { return kDTypes[static_cast<size_t>(dtype)].name; }

std::optional<DType> dtype_from_name(std::string_view name) {
  for (const Entry& entry : kDTypes)
    if (entry.name == name && entry.dtype != DType::invalid) return entry.dtype;
  return std::nullopt;
}

size_t size_of(DType dtype) { return kDTypes[static_cast<size_t>(dtype)].size; }

bool is_float(DType dtype) { return dtype >= DType::float16 && dtype <= DType::float64; }
bool is_integer(DType dtype) { return dtype >= DType::int8 && dtype <= DType::uint64; }
bool is_signed_integer(DType dtype) { return dtype >= DType::int8 && dtype <= DType::int64; }

}  // namespace hornbeam
