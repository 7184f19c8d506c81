// Which array of a file is which input or output of a model.
#include "tools/hornbeam/data_files.h"

#include <algorithm>
#include <map>

#include <hornbeam/base/error.h>
#include <hornbeam/registry.h>
#include <hornbeam/runtime/data/csv.h>
#include <hornbeam/runtime/data/npy.h>

#include "tools/hornbeam/data_sets.h"

namespace hornbeam::cli {

const char* const kSamplesHelp =
    "A .npz with inputs (named, x0, x1, ... or x), targets (named, y0, ... or y), sample_weight; a .csv with --target; "
    "or a data set: fashion-mnist, mnist (NAME:train, NAME:test)";

namespace {

using Found = std::map<std::string, Array>;

std::string list_of(const Found& found) {
  std::string text;
  for (const auto& [name, array] : found) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}

Found read_named(const std::string& path) {
  Found found;
  for (auto& [name, array] : runtime::read_npz(path)) found[name] = array;
  return found;
}

Arrays arrays_of(std::vector<Array> arrays) {
  return arrays.size() == 1 ? Arrays(arrays[0]) : Arrays(std::move(arrays));
}

// The arrays of `names`, each by its name, by `letter` and its number, or by the letter alone where there is one.
Arrays pick(const Found& found, const std::vector<std::string>& names, const std::string& letter,
            const std::string& path) {
  std::vector<Array> arrays;
  for (size_t i = 0; i < names.size(); ++i) {
    auto at = found.find(names[i]);
    if (at == found.end()) at = found.find(letter + std::to_string(i));
    if (at == found.end() && names.size() == 1) at = found.find(letter);
    if (at == found.end())
      throw ValueError(path + ": no array for '" + names[i] + "'. Expected: '" + names[i] + "' or '" + letter +
                       std::to_string(i) + "'. The file has: " + list_of(found));
    arrays.push_back(at->second);
  }
  return arrays_of(std::move(arrays));
}

// A subclassed or unbuilt model has no names yet; then there is one input, or output.
std::vector<std::string> or_one(std::vector<std::string> names, const std::string& name) {
  return names.empty() ? std::vector<std::string>{name} : names;
}

// Some columns of a table as one array.
Array columns_of(const Array& table, const std::vector<int64_t>& columns) {
  const int64_t rows = table.shape()[0], width = table.shape()[1], count = static_cast<int64_t>(columns.size());
  Array out(DType::float32, {rows, count});
  const auto from = table.as<float>();
  auto to = out.mutable_as<float>();
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t i = 0; i < count; ++i)
      to[static_cast<size_t>(row * count + i)] =
          from[static_cast<size_t>(row * width + columns[static_cast<size_t>(i)])];
  return out;
}

// The number of a column given by its name, or by its number from 0 (negative: from the end) in a table without a
// header.
int64_t column_number(const runtime::CsvTable& table, const std::string& column, const std::string& path) {
  const auto at = std::find(table.columns.begin(), table.columns.end(), column);
  if (at != table.columns.end()) return at - table.columns.begin();
  if (!table.columns.empty())
    throw ValueError(path + ": there is no column '" + column + "'." + registry::suggest(column, table.columns));
  const int64_t width = table.values.shape()[1];
  char* end = nullptr;
  const long long number = std::strtoll(column.c_str(), &end, 10);
  if (end == column.c_str() || *end != 0 || number < -width || number >= width)
    throw ValueError(path + ": it has no header, so a column is a number below " + std::to_string(width) +
                     ". Received: --target " + column);
  return number < 0 ? number + width : number;
}

struct Columns {
  runtime::CsvTable table;
  std::vector<int64_t> inputs, targets;
};

Columns read_columns(const std::string& path, const DataOptions& options) {
  Columns columns{.table = runtime::read_csv(path)};
  for (const std::string& target : options.targets)
    columns.targets.push_back(column_number(columns.table, target, path));
  for (int64_t i = 0; i < columns.table.values.shape()[1]; ++i)
    if (std::find(columns.targets.begin(), columns.targets.end(), i) == columns.targets.end())
      columns.inputs.push_back(i);
  if (columns.inputs.empty()) throw ValueError(path + ": every column is a target, so the model has no input");
  return columns;
}

// All columns for a model of one input or output, else one column for each, by name or, for targets, in order.
Arrays split(const Columns& columns, const std::vector<int64_t>& chosen, const std::vector<std::string>& names,
             const char* what, const std::string& path) {
  if (names.size() == 1) return Arrays(columns_of(columns.table.values, chosen));
  std::vector<Array> arrays;
  for (size_t i = 0; i < names.size(); ++i) {
    int64_t column = -1;
    for (int64_t each : chosen)
      if (!columns.table.columns.empty() && columns.table.columns[static_cast<size_t>(each)] == names[i]) column = each;
    if (column < 0)
      throw ValueError(path + ": the model has " + std::to_string(names.size()) + " " + what +
                       "s, and no column is named '" + names[i] + "'. Name the columns by the " + what +
                       "s, or use a .npz file");
    arrays.push_back(columns_of(columns.table.values, {column}));
  }
  return Arrays(std::move(arrays));
}

}  // namespace

void add_data_options(CLI::App& command, DataOptions& options) {
  command.add_option("--target", options.targets, "The column of a .csv that holds the target; several: a,b")
      ->type_name("COLUMN")
      ->delimiter(',');
  command.add_option("--data-dir", options.folder, "The folder of a data set's idx files; default: the system's")
      ->type_name("DIR");
}

Arrays read_inputs(const Model& model, const std::string& data, const DataOptions& options) {
  const std::vector<std::string> names = or_one(model.input_names(), "x");
  if (is_data_set(data)) return Arrays(fitted(read_data_set(data, Part::test, options.folder).x, model));
  if (data.ends_with(".npz")) return pick(read_named(data), names, "x", data);
  if (data.ends_with(".csv")) {
    const Columns columns = read_columns(data, options);
    return split(columns, columns.inputs, names, "input", data);
  }
  if (!data.ends_with(".npy"))
    throw ValueError(data + ": inputs are read from .npz, .npy and .csv files, or a data set's name (" +
                     data_set_names() + ")");
  if (names.size() != 1)
    throw ValueError(data + ": the model has " + std::to_string(names.size()) +
                     " inputs; a .npy file holds one. Use a .npz file.");
  return runtime::read_npy(data);
}

std::vector<Array> read_arrays(const std::vector<std::string>& names, const std::string& path) {
  if (!path.ends_with(".npy")) return pick(read_named(path), names, "x", path).flat();
  if (names.size() != 1)
    throw ValueError(path + ": the program has " + std::to_string(names.size()) +
                     " inputs; a .npy file holds one. Use a .npz file.");
  return {runtime::read_npy(path)};
}

Samples read_samples(const Model& model, const std::string& data, Part part, const DataOptions& options) {
  const std::vector<std::string> inputs = or_one(model.input_names(), "x");
  const std::vector<std::string> outputs = or_one(model.output_names(), "y");
  if (is_data_set(data)) {
    DataSet set = read_data_set(data, part, options.folder);
    return {.x = Arrays(fitted(set.x, model)), .y = Arrays(set.y)};
  }
  if (data.ends_with(".csv")) {
    if (options.targets.empty()) throw ValueError(data + ": which column is the target? Give --target COLUMN");
    const Columns columns = read_columns(data, options);
    return {.x = split(columns, columns.inputs, inputs, "input", data),
            .y = split(columns, columns.targets, outputs, "output", data)};
  }
  if (data.ends_with(".npy"))
    throw ValueError(data + ": a .npy file holds one array, and targets are needed too. Use a .npz file");
  if (!data.ends_with(".npz"))
    throw ValueError(data + ": data are read from .npz and .csv files, or a data set's name (" + data_set_names() +
                     ")");
  const Found found = read_named(data);
  Samples samples{.x = pick(found, inputs, "x", data), .y = pick(found, outputs, "y", data)};
  if (auto weight = found.find("sample_weight"); weight != found.end()) samples.sample_weight = weight->second;
  return samples;
}

}  // namespace hornbeam::cli
