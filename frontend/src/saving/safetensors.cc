// The strict safetensors reader, and the writer.
#include "frontend/src/saving/safetensors.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <optional>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace hornbeam::saving {
namespace {

using nlohmann::json;

constexpr uint64_t kMaxHeader = 100'000'000;  // what the reference implementation accepts
constexpr int kMaxDepth = 8;                  // a header is three levels deep
constexpr size_t kMaxRank = 32;

[[noreturn]] void fail(const std::string& source, const std::string& what) {
  throw ValueError("[safetensors] '" + source + "' is damaged: " + what);
}

const std::map<std::string, DType>& dtype_codes() {
  static const std::map<std::string, DType> codes = {
      {"F64", DType::float64}, {"F32", DType::float32}, {"F16", DType::float16}, {"BF16", DType::bfloat16},
      {"I64", DType::int64},   {"I32", DType::int32},   {"I16", DType::int16},   {"I8", DType::int8},
      {"U64", DType::uint64},  {"U32", DType::uint32},  {"U16", DType::uint16},  {"U8", DType::uint8},
      {"BOOL", DType::boolean}};
  return codes;
}

std::optional<DType> dtype_of_code(const std::string& code) {
  auto found = dtype_codes().find(code);
  if (found == dtype_codes().end()) return std::nullopt;
  return found->second;
}

std::string code_of_dtype(DType dtype) {
  for (const auto& [code, known] : dtype_codes())
    if (known == dtype) return code;
  throw ValueError("[safetensors] A tensor of dtype " + std::string(name_of(dtype)) + " cannot be written");
}

// The header as JSON, refused when it nests deeper than any header does or names a tensor twice.
json parse_header(std::string_view text, const std::string& source) {
  std::vector<std::vector<std::string>> keys;
  bool too_deep = false;
  std::string repeated;
  auto watch = [&](int depth, json::parse_event_t event, json& value) {
    if (depth > kMaxDepth) too_deep = true;
    if (event == json::parse_event_t::object_start) keys.emplace_back();
    if (event == json::parse_event_t::key && !keys.empty()) keys.back().push_back(value.get<std::string>());
    if (event == json::parse_event_t::object_end && !keys.empty()) {
      std::sort(keys.back().begin(), keys.back().end());
      auto twice = std::adjacent_find(keys.back().begin(), keys.back().end());
      if (twice != keys.back().end()) repeated = *twice;
      keys.pop_back();
    }
    return !too_deep;
  };
  json header = json::parse(text.begin(), text.end(), watch, /*allow_exceptions=*/false);
  if (too_deep) fail(source, "the header nests too deeply");
  if (header.is_discarded() || !header.is_object()) fail(source, "the header is not a JSON object");
  if (!repeated.empty()) fail(source, "the header has the name '" + repeated + "' twice");
  return header;
}

uint64_t unsigned_of(const json& value, const std::string& source, const std::string& name) {
  if (!value.is_number_unsigned()) fail(source, "'" + name + "' has a size or offset that is no whole number");
  return value.get<uint64_t>();
}

struct Extent {
  uint64_t begin, end;
};

// One header entry, its shape's bytes equal to the extent's, and the extent inside the data.
Array tensor_of(const json& entry, std::string_view data, const std::shared_ptr<const void>& owner,
                const std::string& source, const std::string& name, Extent& extent) {
  if (!entry.is_object() || entry.size() != 3 || !entry.contains("dtype") || !entry.contains("shape") ||
      !entry.contains("data_offsets") || !entry["dtype"].is_string() || !entry["shape"].is_array() ||
      !entry["data_offsets"].is_array() || entry["data_offsets"].size() != 2)
    fail(source, "the entry of '" + name + "' is not {dtype, shape, data_offsets}");
  std::optional<DType> dtype = dtype_of_code(entry["dtype"].get<std::string>());
  if (!dtype) fail(source, "'" + name + "' has the unknown dtype '" + entry["dtype"].get<std::string>() + "'");
  if (entry["shape"].size() > kMaxRank) fail(source, "'" + name + "' has too many axes");

  uint64_t bytes = size_of(*dtype);
  bool empty = false;
  std::vector<int64_t> dims;
  for (const json& dim : entry["shape"]) {
    uint64_t size = unsigned_of(dim, source, name);
    if (size > static_cast<uint64_t>(INT64_MAX)) fail(source, "'" + name + "' has an axis that is too long");
    dims.push_back(static_cast<int64_t>(size));
    empty = empty || size == 0;
  }
  for (int64_t dim : dims) {
    // An empty tensor may have any other axes: its product is 0 and must not be taken for an overflow.
    if (empty) break;
    if (__builtin_mul_overflow(bytes, static_cast<uint64_t>(dim), &bytes) || bytes > data.size())
      fail(source, "'" + name + "' is larger than the file");
  }
  if (empty) bytes = 0;

  extent = {unsigned_of(entry["data_offsets"][0], source, name), unsigned_of(entry["data_offsets"][1], source, name)};
  if (extent.begin > extent.end || extent.end > data.size()) fail(source, "'" + name + "' lies outside the data");
  if (extent.end - extent.begin != bytes)
    fail(source, "'" + name + "' has " + std::to_string(extent.end - extent.begin) + " bytes, its shape needs " +
                     std::to_string(bytes));

  const char* begin = data.data() + extent.begin;
  if (*dtype == DType::boolean) {
    // A byte other than 0 and 1 is no bool to C++.
    bool clean = std::all_of(begin, begin + bytes, [](char c) { return c == 0 || c == 1; });
    if (!clean) fail(source, "'" + name + "' is boolean and has a byte that is neither 0 nor 1");
  }
  Shape shape(std::move(dims));
  if (bytes != 0 && reinterpret_cast<uintptr_t>(begin) % size_of(*dtype) == 0)
    return Array::share(*dtype, std::move(shape), begin, owner);
  Array copy(*dtype, std::move(shape));
  if (bytes != 0) std::memcpy(copy.mutable_data(), begin, bytes);
  return copy;
}

}  // namespace

SafeTensors parse_safetensors(std::string_view bytes, std::shared_ptr<const void> owner, const std::string& source) {
  if (bytes.size() < 8) fail(source, "it is shorter than its 8-byte length field");
  uint64_t length = 0;
  for (int i = 7; i >= 0; --i) length = length << 8 | static_cast<uint8_t>(bytes[i]);
  if (length > kMaxHeader || length > bytes.size() - 8)
    fail(source, "the header's length " + std::to_string(length) + " does not fit the file of " +
                     std::to_string(bytes.size()) + " bytes");
  json header = parse_header(bytes.substr(8, length), source);
  std::string_view data = bytes.substr(8 + length);

  SafeTensors result;
  std::vector<Extent> extents;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") {
      if (!entry.is_object()) fail(source, "__metadata__ is not an object");
      for (const auto& [key, value] : entry.items()) {
        if (!value.is_string()) fail(source, "__metadata__ '" + key + "' is not a string");
        result.metadata[key] = value.get<std::string>();
      }
      continue;
    }
    Extent extent;
    result.tensors.emplace(name, tensor_of(entry, data, owner, source, name, extent));
    extents.push_back(extent);
  }
  // The format wants the data covered without holes or overlaps: bytes that no tensor owns could hide anything.
  std::sort(extents.begin(), extents.end(), [](const Extent& a, const Extent& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  uint64_t at = 0;
  for (const Extent& extent : extents) {
    if (extent.begin != at) fail(source, "the tensors' bytes overlap or leave a hole at " + std::to_string(at));
    at = extent.end;
  }
  if (at != data.size()) fail(source, std::to_string(data.size() - at) + " bytes at its end belong to no tensor");
  return result;
}

SafeTensors read_safetensors(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) throw IOError("[safetensors] Could not open '" + path + "'");
  std::streamoff size = file.tellg();
  if (size < 0) throw IOError("[safetensors] Could not read '" + path + "'");
  auto buffer = std::make_shared<std::string>(static_cast<size_t>(size), '\0');
  file.seekg(0);
  if (!file.read(buffer->data(), size)) throw IOError("[safetensors] Could not read '" + path + "'");
  return parse_safetensors(*buffer, buffer, path);
}

void write_safetensors(AtomicFile& file, const std::map<std::string, Array>& tensors,
                       const std::map<std::string, std::string>& metadata) {
  std::vector<std::pair<std::string, Array>> ordered(tensors.begin(), tensors.end());
  std::sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) {
    size_t size_a = size_of(a.second.dtype()), size_b = size_of(b.second.dtype());
    return size_a != size_b ? size_a > size_b : a.first < b.first;
  });
  nlohmann::ordered_json header;
  if (!metadata.empty()) header["__metadata__"] = metadata;
  uint64_t at = 0;
  for (const auto& [name, array] : ordered) {
    header[name] = {{"dtype", code_of_dtype(array.dtype())},
                    {"shape", array.shape().dims()},
                    {"data_offsets", {at, at + array.bytes()}}};
    at += array.bytes();
  }
  std::string text = header.is_null() ? "{}" : header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  std::string length(8, '\0');
  for (int i = 0; i < 8; ++i) length[static_cast<size_t>(i)] = static_cast<char>(text.size() >> (8 * i));
  file.write(length);
  file.write(text);
  for (const auto& [name, array] : ordered) file.write({static_cast<const char*>(array.data()), array.bytes()});
}

}  // namespace hornbeam::saving
