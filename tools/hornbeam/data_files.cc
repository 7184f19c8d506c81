// Which array of a file is which input or output of a model.
#include "tools/hornbeam/data_files.h"

#include <algorithm>
#include <map>

#include <hornbeam/base/error.h>
#include <hornbeam/base/strings.h>
#include <hornbeam/input.h>
#include <hornbeam/layers/host_layer.h>
#include <hornbeam/registry.h>
#include <hornbeam/runtime/data/csv.h>
#include <hornbeam/runtime/data/npy.h>

#include "tools/hornbeam/data_sets.h"

namespace hornbeam::cli {

const char* const kSamplesHelp =
    "A .npz with inputs (named, x0, x1, ... or x), targets (named, y0, ... or y), sample_weight; a .csv with --target; "
    "a folder of pictures in class folders; or a data set: fashion-mnist, mnist (NAME:train, NAME:test)";

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

// Whether the model's input of this name takes strings.
bool takes_strings(const Model& model, const std::string& name) {
  const auto& layers = model.sublayers();
  for (const Layer::SubLayer& sub : layers)
    if (const auto* input = dynamic_cast<const layers::InputLayer*>(sub.layer.get()); input && input->name() == name)
      return input->dtype() == DType::string;
  const auto* first = layers.empty() ? nullptr : dynamic_cast<const layers::HostLayer*>(layers[0].layer.get());
  return model.input_names().empty() && first && first->input_dtype() == DType::string;
}

bool takes_strings(const Model& model) {
  const std::vector<std::string> names = or_one(model.input_names(), "x");
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return takes_strings(model, name); });
}

// Some columns of a table of strings, as strings or as numbers.
Array text_columns_of(const runtime::CsvTable& table, const std::vector<int64_t>& columns, bool as_strings,
                      const std::string& path) {
  const int64_t rows = table.values.shape()[0], width = table.values.shape()[1];
  const Shape shape{rows, static_cast<int64_t>(columns.size())};
  const auto fields = strings_of(table.values);
  std::vector<std::string> texts;
  Array numbers(DType::float32, as_strings ? Shape{0} : shape);
  for (int64_t row = 0, i = 0; row < rows; ++row) {
    for (int64_t column : columns) {
      const std::string& field = fields[static_cast<size_t>(row * width + column)];
      if (as_strings) {
        texts.push_back(field);
        continue;
      }
      char* end = nullptr;
      const float value = std::strtof(field.c_str(), &end);
      if (field.empty() || *end != 0)
        throw ValueError(path + ": column '" + (table.columns.empty() ? std::to_string(column)
                                                                      : table.columns[static_cast<size_t>(column)]) +
                         "', row " + std::to_string(row + 1) + ": a number was expected. Received: " +
                         Config(field.substr(0, 40)).to_json());
      numbers.set(i++, value);
    }
  }
  return as_strings ? strings(shape, std::move(texts)) : numbers;
}

// Some columns of a table as one array.
Array columns_of(const runtime::CsvTable& given, const std::vector<int64_t>& columns, bool as_strings,
                 const std::string& path) {
  if (given.values.dtype() == DType::string) return text_columns_of(given, columns, as_strings, path);
  const Array& table = given.values;
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

Columns read_columns(const Model& model, const std::string& path, const DataOptions& options) {
  // A table with strings for the model has a first line that names its columns.
  Columns columns{.table = runtime::read_csv(path, {.dtype = takes_strings(model) ? DType::string : DType::float32})};
  for (const std::string& target : options.targets)
    columns.targets.push_back(column_number(columns.table, target, path));
  for (int64_t i = 0; i < columns.table.values.shape()[1]; ++i)
    if (std::find(columns.targets.begin(), columns.targets.end(), i) == columns.targets.end())
      columns.inputs.push_back(i);
  if (columns.inputs.empty()) throw ValueError(path + ": every column is a target, so the model has no input");
  return columns;
}

// All columns for a model of one input or output, else one column for each, by name or, for targets, in order.
Arrays split(const Model& model, const Columns& columns, const std::vector<int64_t>& chosen,
             const std::vector<std::string>& names, const char* what, const std::string& path) {
  const bool inputs = std::string_view(what) == "input";
  if (names.size() == 1)
    return Arrays(columns_of(columns.table, chosen, inputs && takes_strings(model, names[0]), path));
  std::vector<Array> arrays;
  for (size_t i = 0; i < names.size(); ++i) {
    int64_t column = -1;
    for (int64_t each : chosen)
      if (!columns.table.columns.empty() && columns.table.columns[static_cast<size_t>(each)] == names[i]) column = each;
    if (column < 0)
      throw ValueError(path + ": the model has " + std::to_string(names.size()) + " " + what +
                       "s, and no column is named '" + names[i] + "'. Name the columns by the " + what +
                       "s, or use a .npz file");
    arrays.push_back(columns_of(columns.table, {column}, inputs && takes_strings(model, names[i]), path));
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
    const Columns columns = read_columns(model, data, options);
    return split(model, columns, columns.inputs, names, "input", data);
  }
  if (!data.ends_with(".npy"))
    throw ValueError(data + ": inputs are read from .npz, .npy and .csv files, a folder of pictures, or a data set's name (" +
                     data_set_names() + ")");
  if (names.size() != 1)
    throw ValueError(data + ": the model has " + std::to_string(names.size()) +
                     " inputs; a .npy file holds one. Use a .npz file.");
  return runtime::map_npy(data);
}

std::vector<Array> read_arrays(const std::vector<std::string>& names, const std::string& path) {
  if (!path.ends_with(".npy")) return pick(read_named(path), names, "x", path).flat();
  if (names.size() != 1)
    throw ValueError(path + ": the program has " + std::to_string(names.size()) +
                     " inputs; a .npy file holds one. Use a .npz file.");
  return {runtime::map_npy(path)};
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
    const Columns columns = read_columns(model, data, options);
    return {.x = split(model, columns, columns.inputs, inputs, "input", data),
            .y = split(model, columns, columns.targets, outputs, "output", data)};
  }
  if (data.ends_with(".npy"))
    throw ValueError(data + ": a .npy file holds one array, and targets are needed too. Use a .npz file");
  if (!data.ends_with(".npz"))
    throw ValueError(data + ": data are read from .npz and .csv files, a folder of pictures, or a data set's name (" +
                     data_set_names() + ")");
  const Found found = read_named(data);
  Samples samples{.x = pick(found, inputs, "x", data), .y = pick(found, outputs, "y", data)};
  if (auto weight = found.find("sample_weight"); weight != found.end()) samples.sample_weight = weight->second;
  return samples;
}

}  // namespace hornbeam::cli
