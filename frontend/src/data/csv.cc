// Dataset::from_csv: the rows of a table of numbers.
#include <algorithm>
#include <charconv>

#include <hornbeam/base/error.h>
#include <hornbeam/registry.h>
#include <hornbeam/runtime/data/csv.h>

#include "frontend/src/data/nodes.h"

namespace hornbeam {
namespace {

int64_t column_number(const runtime::CsvTable& table, const std::string& column, const std::string& path) {
  auto at = std::find(table.columns.begin(), table.columns.end(), column);
  if (at != table.columns.end()) return at - table.columns.begin();
  if (!table.columns.empty())
    throw ValueError("Dataset::from_csv: '" + path + "' has no column '" + column + "'." +
                     registry::suggest(column, table.columns));
  int64_t number = -1, width = table.values.shape()[1];
  auto [rest, error] = std::from_chars(column.data(), column.data() + column.size(), number);
  if (error != std::errc() || rest != column.data() + column.size() || number < 0 || number >= width)
    throw ValueError("Dataset::from_csv: '" + path + "' has no header, so a target is a number from 0 to " +
                     std::to_string(width - 1) + ". Received: " + column);
  return number;
}

// Columns as one array [rows, columns], or [rows] for a single target.
Array columns_of(const Array& table, const std::vector<int64_t>& columns, DType dtype, bool flat) {
  int64_t rows = table.shape()[0], width = table.shape()[1], count = static_cast<int64_t>(columns.size());
  Array out(table.dtype(), flat ? Shape{rows} : Shape{rows, count});
  size_t size = size_of(table.dtype());
  const char* from = static_cast<const char*>(table.data());
  char* to = static_cast<char*>(out.mutable_data());
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t column : columns) {
      std::memcpy(to, from + static_cast<size_t>(row * width + column) * size, size);
      to += size;
    }
  return out.dtype() == dtype ? out : out.cast(dtype);
}

}  // namespace

Dataset Dataset::from_csv(const std::string& path, const CsvDatasetOptions& options) {
  runtime::CsvTable table =
      runtime::read_csv(path, {.delimiter = options.delimiter, .header = options.header, .dtype = options.dtype});
  std::vector<int64_t> inputs, targets;
  for (const std::string& name : options.targets) targets.push_back(column_number(table, name, path));
  for (int64_t i = 0; i < table.values.shape()[1]; ++i)
    if (std::find(targets.begin(), targets.end(), i) == targets.end()) inputs.push_back(i);
  if (inputs.empty()) throw ValueError("Dataset::from_csv: every column of '" + path + "' is a target.");
  Arrays x, y;
  if (options.columns_as_inputs) {
    if (table.columns.empty())
      throw ValueError("Dataset::from_csv: columns_as_inputs needs a header that names the columns of '" + path + "'.");
    for (int64_t i : inputs)
      x.set(table.columns[static_cast<size_t>(i)], columns_of(table.values, {i}, options.dtype, true));
  } else {
    x = columns_of(table.values, inputs, options.dtype, false);
  }
  if (!targets.empty()) y = columns_of(table.values, targets, options.target_dtype, targets.size() == 1);
  return from_arrays(std::move(x), std::move(y));
}

}  // namespace hornbeam
