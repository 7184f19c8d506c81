// Which array of a file is which input or output of a model.
#include "tools/hornbeam/data_files.h"

#include <map>

#include <hornbeam/base/error.h>
#include <hornbeam/runtime/data/npy.h>

namespace hornbeam::cli {
namespace {

using Found = std::map<std::string, Array>;

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

Found read_named(const std::string& path) {
  if (!ends_with(path, ".npz")) throw ValueError(path + ": data are read from .npz files (and inputs from .npy files)");
  Found found;
  for (auto& [name, array] : runtime::read_npz(path)) found[name] = array;
  return found;
}

std::string list_of(const Found& found) {
  std::string text;
  for (const auto& [name, array] : found) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
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
  return arrays.size() == 1 ? Arrays(arrays[0]) : Arrays(std::move(arrays));
}

// A subclassed or unbuilt model has no names yet; then there is one input, or output.
std::vector<std::string> or_one(std::vector<std::string> names, const std::string& name) {
  return names.empty() ? std::vector<std::string>{name} : names;
}

}  // namespace

Arrays read_inputs(const Model& model, const std::string& path) {
  std::vector<std::string> names = or_one(model.input_names(), "x");
  if (!ends_with(path, ".npy")) return pick(read_named(path), names, "x", path);
  if (names.size() != 1)
    throw ValueError(path + ": the model has " + std::to_string(names.size()) +
                     " inputs; a .npy file holds one. Use a .npz file.");
  return runtime::read_npy(path);
}

Samples read_samples(const Model& model, const std::string& path) {
  Found found = read_named(path);
  Samples samples{.x = pick(found, or_one(model.input_names(), "x"), "x", path),
                  .y = pick(found, or_one(model.output_names(), "y"), "y", path)};
  if (auto weight = found.find("sample_weight"); weight != found.end()) samples.sample_weight = weight->second;
  return samples;
}

}  // namespace hornbeam::cli
