// Reading and writing the header of a .npy (NumPy Enhancement Proposal 1 describes it).
#include "runtime/data/npy_header.h"

#include <bit>
#include <charconv>
#include <optional>

#include <hornbeam/base/error.h>

namespace hornbeam::runtime {
namespace {

struct Code {
  std::string_view name;
  DType dtype;
};
constexpr Code kCodes[] = {
    {"b1", DType::boolean}, {"i1", DType::int8},    {"i2", DType::int16},   {"i4", DType::int32},
    {"i8", DType::int64},   {"u1", DType::uint8},   {"u2", DType::uint16},  {"u4", DType::uint32},
    {"u8", DType::uint64},  {"f2", DType::float16}, {"f4", DType::float32}, {"f8", DType::float64},
};
constexpr size_t kMaxRank = 64;  // NumPy's

class Parser {
 public:
  Parser(std::string_view text, const std::string& origin) : text_(text), origin_(origin) {}

  NpyHeader header() {
    NpyHeader header;
    bool has_descr = false, has_order = false, has_shape = false;
    expect('{');
    while (!accept('}')) {
      std::string_view key = string();
      expect(':');
      if (key == "descr" && !has_descr) {
        has_descr = true;
        descr(header);
      } else if (key == "fortran_order" && !has_order) {
        has_order = true;
        header.fortran_order = boolean();
      } else if (key == "shape" && !has_shape) {
        has_shape = true;
        header.shape = shape();
      } else {
        refuse("its header has an unexpected key '" + printable(key.substr(0, 32)) + "'");
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_space();
    if (!text_.empty()) refuse("its header goes on after the dict");
    if (!has_descr || !has_order || !has_shape) refuse("its header must hold descr, fortran_order and shape");
    return header;
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw IOError("'" + origin_ + "' is no readable .npy file: " + what + ".");
  }
  void skip_space() {
    size_t begin = text_.find_first_not_of(" \n\t");
    text_.remove_prefix(begin == std::string_view::npos ? text_.size() : begin);
  }
  bool accept(char wanted) {
    skip_space();
    if (text_.empty() || text_.front() != wanted) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(char wanted) {
    if (!accept(wanted))
      refuse(std::string("its header has a '") + wanted + "' expected, received " +
             (text_.empty() ? std::string("its end") : "'" + printable(text_.substr(0, 8)) + "'"));
  }
  static std::string printable(std::string_view text) {
    std::string out;
    for (char c : text) out += c >= ' ' && c <= '~' ? c : '?';
    return out;
  }
  std::string_view string() {
    skip_space();
    char quote = text_.empty() ? '\0' : text_.front();
    if (quote != '\'' && quote != '"') refuse("its header has a string expected");
    size_t end = text_.find(quote, 1);
    if (end == std::string_view::npos) refuse("its header has a string without an end");
    std::string_view value = text_.substr(1, end - 1);
    text_.remove_prefix(end + 1);
    return value;
  }
  bool boolean() {
    skip_space();
    for (bool value : {true, false}) {
      std::string_view name = value ? "True" : "False";
      if (!text_.starts_with(name)) continue;
      text_.remove_prefix(name.size());
      return value;
    }
    refuse("its fortran_order must be True or False");
  }
  Shape shape() {
    Shape shape;
    expect('(');
    while (!accept(')')) {
      if (shape.size() == kMaxRank) refuse("its shape has more than " + std::to_string(kMaxRank) + " axes");
      skip_space();
      int64_t dim = -1;
      auto [rest, error] = std::from_chars(text_.data(), text_.data() + text_.size(), dim);
      if (error != std::errc() || dim < 0) refuse("its shape must hold sizes of axes");
      text_.remove_prefix(static_cast<size_t>(rest - text_.data()));
      if (text_.starts_with('L')) text_.remove_prefix(1);  // written by Python 2
      shape.push_back(dim);
      if (!accept(',')) {
        expect(')');
        if (shape.size() == 1) refuse("its shape is a number in parentheses, a tuple was expected");
        break;
      }
    }
    return shape;
  }
  void descr(NpyHeader& header) {
    skip_space();
    if (text_.starts_with('[')) refuse("it holds records, arrays of one dtype are expected");
    std::string_view descr = string();
    char order = descr.empty() ? '\0' : descr.front();
    if (descr.find('O') != std::string_view::npos) refuse("it holds pickled Python objects, which are not loaded");
    for (const Code& code : kCodes) {
      if (descr.substr(std::min<size_t>(1, descr.size())) != code.name) continue;
      bool single = size_of(code.dtype) == 1;
      if (order == '|' ? !single : order != '<' && order != '>' && order != '=') break;
      header.dtype = code.dtype;
      bool little = order == '<' || (order != '>' && std::endian::native == std::endian::little);
      header.swapped = !single && little != (std::endian::native == std::endian::little);
      return;
    }
    if (strings(descr, header)) return;
    refuse("it holds elements of the type '" + printable(descr.substr(0, 16)) + "', which Hornbeam does not read");
  }

  // "|S12" and "<U7".
  bool strings(std::string_view descr, NpyHeader& header) const {
    if (descr.size() < 3 || (descr[1] != 'S' && descr[1] != 'U')) return false;
    auto [rest, error] = std::from_chars(descr.data() + 2, descr.data() + descr.size(), header.width);
    if (error != std::errc() || rest != descr.data() + descr.size()) return false;
    if (header.width == 0 || header.width > (size_t{1} << 31))
      refuse("its strings have an impossible length, " + std::to_string(header.width));
    header.dtype = DType::string;
    header.text = descr[1];
    bool little = descr[0] == '<' || (descr[0] != '>' && std::endian::native == std::endian::little);
    header.swapped = header.text == 'U' && little != (std::endian::native == std::endian::little);
    return true;
  }

  std::string_view text_;
  const std::string& origin_;
};

// With magic and length, padded to a multiple of 64 bytes.
std::string framed(std::string dict, const Shape& shape) {
  dict += "', 'fortran_order': False, 'shape': " + shape.to_string() + ", }";
  // Version 1 has room for 65535 bytes, more than 64 axes can fill.
  constexpr size_t kPreamble = 10;
  size_t total = (kPreamble + dict.size() + 1 + 63) / 64 * 64;
  dict.resize(total - kPreamble - 1, ' ');
  dict += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(dict.size() & 0xff);
  header += static_cast<char>(dict.size() >> 8);
  return header + dict;
}

}  // namespace

NpyHeader parse_npy_header(std::string_view text, const std::string& origin) { return Parser(text, origin).header(); }

std::string make_npy_header(DType dtype, const Shape& shape) {
  std::string dict = "{'descr': '";
  bool known = false;
  for (const Code& code : kCodes) {
    if (code.dtype != dtype) continue;
    known = true;
    dict += size_of(dtype) == 1 ? '|' : std::endian::native == std::endian::little ? '<' : '>';
    dict += code.name;
  }
  if (!known)
    throw ValueError("A .npy file cannot hold elements of dtype " + std::string(name_of(dtype)) +
                     ". Cast the array first, to float32 for bfloat16.");
  return framed(std::move(dict), shape);
}

std::string make_npy_text_header(char text, size_t width, const Shape& shape) {
  std::string order = text == 'S' ? "|" : std::endian::native == std::endian::little ? "<" : ">";
  return framed("{'descr': '" + order + text + std::to_string(width), shape);
}

}  // namespace hornbeam::runtime
