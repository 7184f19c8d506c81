// Tables of numbers or strings as text: comma-separated values (RFC 4180).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <hornbeam/base/array.h>

namespace hornbeam::runtime {

struct CsvOptions {
  char delimiter = ',';
  std::optional<bool> header = {};  // whether the first line names the columns; if not given: it does if not all numbers
  DType dtype = DType::float32;     // float32, float64, int32, int64, or string: fields as they stand
};

struct CsvTable {
  std::vector<std::string> columns;  // their names; empty without a header
  Array values;                      // [rows, columns]
};

// Lines may end in LF or CR LF, fields may be quoted, spaces around a number and empty lines are skipped. An empty field
// is NaN in a float table. Throws IOError, one line that names file, line and column, for what is no number, does not
// fit the dtype, or has another number of fields than the first line; ValueError for options that no table can have.
CsvTable read_csv(const std::string& path, const CsvOptions& options = {});
CsvTable parse_csv(std::string_view text, const std::string& origin, const CsvOptions& options = {});

}  // namespace hornbeam::runtime
