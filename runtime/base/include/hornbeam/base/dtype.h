// Element types. Names and promotion rules are Keras' (keras.backend.standardize_dtype, result_type).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hornbeam {

enum class DType : uint8_t {
  invalid = 0,
  boolean,
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  float16,
  bfloat16,
  float32,
  float64,
  string,  // never enters a compiled program
};

// "float32", "bool", "string", …: Keras' spelling.
std::string_view name_of(DType dtype);
// The inverse of name_of; nullopt for a name that is no dtype.
std::optional<DType> dtype_from_name(std::string_view name);

// Bytes of one element; 0 for string and invalid. A boolean takes one byte.
size_t size_of(DType dtype);

bool is_float(DType dtype);
bool is_integer(DType dtype);  // signed or unsigned; not boolean
bool is_signed_integer(DType dtype);

// The C++ type that holds one element of a host array, as a DType. float16 and bfloat16 have no C++ type here.
template <typename T>
constexpr DType dtype_of();
template <> constexpr DType dtype_of<bool>() { return DType::boolean; }
template <> constexpr DType dtype_of<int8_t>() { return DType::int8; }
template <> constexpr DType dtype_of<int16_t>() { return DType::int16; }
template <> constexpr DType dtype_of<int32_t>() { return DType::int32; }
template <> constexpr DType dtype_of<int64_t>() { return DType::int64; }
template <> constexpr DType dtype_of<uint8_t>() { return DType::uint8; }
template <> constexpr DType dtype_of<uint16_t>() { return DType::uint16; }
template <> constexpr DType dtype_of<uint32_t>() { return DType::uint32; }
template <> constexpr DType dtype_of<uint64_t>() { return DType::uint64; }
template <> constexpr DType dtype_of<float>() { return DType::float32; }
template <> constexpr DType dtype_of<double>() { return DType::float64; }

}  // namespace hornbeam
