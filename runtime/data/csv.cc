// A strict reader of CSV.
#include <hornbeam/runtime/data/csv.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>

#include <hornbeam/base/error.h>
#include <hornbeam/base/strings.h>

#include "runtime/data/file.h"
#include "runtime/data/source.h"

namespace hornbeam::runtime {
namespace {

// Splits text into lines of fields.
class Fields {
 public:
  Fields(std::string_view text, const std::string& origin, char delimiter)
      : text_(text), origin_(origin), delimiter_(delimiter) {
    if (text_.starts_with("\xef\xbb\xbf")) text_.remove_prefix(3);  // a byte order mark
  }

  // The fields of the next line that is not empty; false at the end. They live until the next call.
  bool next_line(std::vector<std::string>& fields) {
    while (accept_end_of_line()) {
    }
    if (text_.empty()) return false;
    ++line_;
    size_t count = 0;
    for (;;) {
      if (count == fields.size()) fields.emplace_back();
      field(fields[count++]);
      if (text_.empty() || accept_end_of_line(false)) break;
      text_.remove_prefix(1);  // the delimiter
    }
    fields.resize(count);
    return true;
  }
  size_t line() const { return line_; }
  [[noreturn]] void refuse(const std::string& what) const {
    throw IOError("'" + origin_ + "', line " + std::to_string(line_) + ": " + what + ".");
  }

 private:
  bool accept_end_of_line(bool counts = true) {
    size_t length = text_.starts_with("\r\n") ? 2 : text_.starts_with('\n') ? 1 : 0;
    text_.remove_prefix(length);
    if (counts && length) ++line_;
    return length != 0;
  }
  void field(std::string& out) {
    out.clear();
    if (text_.starts_with('"')) return quoted(out);
    const char* begin = text_.data();
    const char* end = begin + text_.size();
    const char* at = std::find_if(begin, end, [&](char c) { return c == delimiter_ || c == '\n'; });
    const char* last = at != end && *at == '\n' && at != begin && at[-1] == '\r' ? at - 1 : at;
    out.assign(begin, last);
    text_.remove_prefix(static_cast<size_t>(last - begin));
  }
  void quoted(std::string& out) {
    size_t start = line_;
    text_.remove_prefix(1);
    for (;;) {
      size_t end = text_.find('"');
      if (end == std::string_view::npos) {
        line_ = start;
        refuse("a quoted field has no end");
      }
      line_ += static_cast<size_t>(std::count(text_.begin(), text_.begin() + static_cast<ptrdiff_t>(end), '\n'));
      out.append(text_.substr(0, end));
      text_.remove_prefix(end + 1);
      if (!text_.starts_with('"')) break;
      out += '"';
      text_.remove_prefix(1);
    }
    if (!text_.empty() && text_.front() != delimiter_ && text_.front() != '\n' && !text_.starts_with("\r\n"))
      refuse("something follows a quoted field");
  }

  std::string_view text_;
  const std::string& origin_;
  char delimiter_;
  size_t line_ = 0;
};

std::string_view trimmed(std::string_view field) {
  size_t begin = field.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return field.substr(begin, field.find_last_not_of(" \t") - begin + 1);
}

// The number in a field; false if there is none or it does not fit.
template <typename T>
bool number(std::string_view field, T& value) {
  field = trimmed(field);
  if (field.empty()) {
    if constexpr (std::numeric_limits<T>::has_quiet_NaN) return value = std::numeric_limits<T>::quiet_NaN(), true;
    return false;
  }
  if (field.starts_with('+') && !field.starts_with("+-")) field.remove_prefix(1);
  auto [rest, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (rest != field.data() + field.size()) return false;
  if constexpr (std::numeric_limits<T>::has_quiet_NaN) {
    // What is too small for the dtype is 0 or nearly so, what is too large is no value of it.
    if (error == std::errc::result_out_of_range) {
      double wide = 0;
      std::from_chars(field.data(), field.data() + field.size(), wide);
      value = static_cast<T>(wide);
      return wide > -1 && wide < 1;
    }
  }
  return error == std::errc();
}

std::string shown(std::string_view field) {
  std::string out;
  for (char c : field.substr(0, 32)) out += static_cast<unsigned char>(c) < ' ' ? '?' : c;
  return "'" + out + (field.size() > 32 ? "…'" : "'");
}

template <typename T>
bool value_of(std::string_view field, T& value) {
  return number(field, value);
}
bool value_of(std::string_view field, std::string& value) {
  value = field;
  return true;
}

template <typename T>
CsvTable parse(std::string_view text, const std::string& origin, const CsvOptions& options) {
  Fields lines(text, origin, options.delimiter);
  CsvTable table;
  std::vector<T> values;
  std::vector<std::string> fields;
  size_t width = 0;
  int64_t rows = 0;
  while (lines.next_line(fields)) {
    if (width == 0) {
      width = fields.size();
      std::conditional_t<std::is_same_v<T, std::string>, double, T> ignored;
      bool numbers = std::ranges::all_of(fields, [&](const std::string& field) { return number(field, ignored); });
      if (options.header.value_or(!numbers)) {
        table.columns = fields;
        continue;
      }
    }
    if (fields.size() != width)
      lines.refuse(std::to_string(width) + " fields were expected, received " + std::to_string(fields.size()));
    for (size_t i = 0; i < width; ++i) {
      T value;
      if (!value_of(fields[i], value)) {
        std::string column = table.columns.empty() ? std::to_string(i + 1) : shown(table.columns[i]);
        lines.refuse("column " + column + " must hold a number of dtype " + std::string(name_of(options.dtype)) +
                     ", received " + shown(fields[i]));
      }
      values.push_back(std::move(value));
    }
    ++rows;
  }
  if (width == 0) throw IOError("'" + origin + "' is no table: it holds no line.");
  if constexpr (std::is_same_v<T, std::string>) {
    table.values = strings({rows, static_cast<int64_t>(width)}, std::move(values));
    return table;
  } else {
    table.values = make_array(options.dtype, Shape{rows, static_cast<int64_t>(width)}, origin);
    if (!values.empty()) std::memcpy(table.values.mutable_data(), values.data(), values.size() * sizeof(T));
    return table;
  }
}

}  // namespace

CsvTable parse_csv(std::string_view text, const std::string& origin, const CsvOptions& options) {
  if (std::string_view("\n\r\"+-.").find(options.delimiter) != std::string_view::npos)
    throw ValueError("A table cannot be delimited by " + shown(std::string_view(&options.delimiter, 1)) +
                     ". Use a comma, a semicolon or a tab.");
  switch (options.dtype) {
    case DType::float32: return parse<float>(text, origin, options);
    case DType::float64: return parse<double>(text, origin, options);
    case DType::int32: return parse<int32_t>(text, origin, options);
    case DType::int64: return parse<int64_t>(text, origin, options);
    case DType::string: return parse<std::string>(text, origin, options);
    default:
      throw ValueError("A table is read as float32, float64, int32, int64 or string. Received: dtype=" +
                       std::string(name_of(options.dtype)));
  }
}

CsvTable read_csv(const std::string& path, const CsvOptions& options) {
  return parse_csv(read_file(path), path, options);
}

}  // namespace hornbeam::runtime
