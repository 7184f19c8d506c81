#include "frontend/src/data/directory.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <random>
#include <set>

#include <hornbeam/base/error.h>
#include <hornbeam/random.h>
#include <hornbeam/registry.h>

#include "frontend/src/data/nodes.h"

namespace hornbeam::data {
namespace {

namespace fs = std::filesystem;

bool has_ending(std::string name, const std::vector<std::string>& endings) {
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return std::any_of(endings.begin(), endings.end(), [&](const std::string& ending) { return name.ends_with(ending); });
}

// Files below a folder: folders in order of their paths, in each the files in order of their names. A link to a folder
// is followed only where that was asked for, and never into a folder that it lies in.
void walk(const fs::path& folder, const std::vector<std::string>& endings, bool follow_links,
          std::vector<std::pair<std::string, std::vector<std::string>>>& found, std::set<fs::path> above) {
  std::error_code error;
  fs::path real = fs::canonical(folder, error);
  if (error || !above.insert(real).second) return;
  std::vector<std::string> files;
  std::vector<fs::path> folders;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (entry.is_directory(error)) {
      if (follow_links || !entry.is_symlink(error)) folders.push_back(entry.path());
    } else if (has_ending(entry.path().filename().string(), endings)) {
      files.push_back(entry.path().filename().string());
    }
  }
  if (error) throw IOError("Cannot read the folder '" + folder.string() + "': " + error.message() + ".");
  std::sort(files.begin(), files.end());
  found.emplace_back(folder.string(), std::move(files));
  for (const fs::path& next : folders) walk(next, endings, follow_links, found, above);
}

std::vector<std::string> files_below(const fs::path& folder, const std::vector<std::string>& endings, bool follow) {
  std::vector<std::pair<std::string, std::vector<std::string>>> found;
  walk(folder, endings, follow, found, {});
  std::sort(found.begin(), found.end());
  std::vector<std::string> paths;
  for (const auto& [where, names] : found)
    for (const std::string& name : names) paths.push_back((fs::path(where) / name).string());
  return paths;
}

std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "'" : ", '") + name + "'";
  return "[" + text + "]";
}

}  // namespace

// NumPy's legacy generator: MT19937 seeded by one word, and for each place from the end a number by masking and
// rejection.
template <class T>
void numpy_shuffle(uint32_t seed, std::vector<T>& list) {
  std::mt19937 words(seed);
  for (size_t i = list.size(); i-- > 1;) {
    uint32_t mask = static_cast<uint32_t>(i), value;
    for (int shift : {1, 2, 4, 8, 16}) mask |= mask >> shift;
    while ((value = static_cast<uint32_t>(words()) & mask) > i) {
    }
    std::swap(list[i], list[value]);
  }
}
template void numpy_shuffle(uint32_t, std::vector<std::string>&);
template void numpy_shuffle(uint32_t, std::vector<int32_t>&);
template void numpy_shuffle(uint32_t, std::vector<int64_t>&);

void check_options(const std::string& function, const DirectoryOptions& options) {
  if (options.labels && !options.class_names.empty())
    throw ValueError(function + ": You can only pass `class_names` if the labels are inferred.");
  if (options.batch_size && *options.batch_size <= 0)
    throw ValueError(function + ": `batch_size` must be positive. Received: batch_size=" +
                     std::to_string(*options.batch_size));
  if (!(options.validation_split >= 0 && options.validation_split < 1))
    throw ValueError(function + ": `validation_split` must be between 0 and 1. Received: validation_split=" +
                     std::to_string(options.validation_split));
  if ((options.validation_split > 0) != (options.subset != Subset::all))
    throw ValueError(function + ": If `subset` is set, `validation_split` must be set, and inversely.");
  if (options.validation_split > 0 && options.shuffle && !options.seed)
    throw ValueError(function +
                     ": If using `validation_split` and shuffling the data, you must provide a `seed` argument, to "
                     "make sure that there is no overlap between the training and validation subset.");
}

uint32_t seed_of(const DirectoryOptions& options) {
  return static_cast<uint32_t>(options.seed ? *options.seed : draw_seed() % 1000000);
}

Files list_files(const std::string& function, const std::string& directory, const std::vector<std::string>& endings,
                 const DirectoryOptions& options, uint32_t seed) {
  std::error_code error;
  if (!fs::is_directory(directory, error)) throw IOError(function + ": '" + directory + "' is no folder.");
  const bool inferred = options.label_mode != LabelMode::none && !options.labels;
  Files files;
  if (inferred) {
    std::vector<std::string> folders;
    for (const fs::directory_entry& entry : fs::directory_iterator(directory, error))
      if (entry.is_directory(error) && !entry.path().filename().string().starts_with("."))
        folders.push_back(entry.path().filename().string());
    std::sort(folders.begin(), folders.end());
    for (const std::string& name : options.class_names)
      if (std::find(folders.begin(), folders.end(), name) == folders.end())
        throw ValueError(function + ": The `class_names` passed did not match the names of the subdirectories of '" +
                         directory + "'. Expected: " + list_of(folders) + " (or a subset of it). Received: " +
                         list_of(options.class_names));
    files.class_names = options.class_names.empty() ? folders : options.class_names;
    for (size_t i = 0; i < files.class_names.size(); ++i)
      for (std::string& path : files_below(fs::path(directory) / files.class_names[i], endings, options.follow_links)) {
        files.paths.push_back(std::move(path));
        files.labels.push_back(static_cast<int32_t>(i));
      }
  } else {
    files.paths = files_below(directory, endings, options.follow_links);
    if (options.labels && options.label_mode != LabelMode::none) {
      if (options.labels->size() != files.paths.size())
        throw ValueError(function + ": Expected the lengths of `labels` to match the number of files in '" + directory +
                         "'. len(labels) is " + std::to_string(options.labels->size()) + " while " +
                         std::to_string(files.paths.size()) + " files were found.");
      files.labels = *options.labels;
      for (int32_t label : std::set<int32_t>(files.labels.begin(), files.labels.end())) {
        if (label < 0) throw ValueError(function + ": labels must not be negative. Received: " + std::to_string(label));
        files.class_names.push_back(std::to_string(label));
      }
    }
  }
  if (options.label_mode == LabelMode::binary && files.class_names.size() != 2)
    throw ValueError(function + ": When passing `label_mode` binary, there must be exactly 2 class_names. Received: " +
                     list_of(files.class_names));
  if (options.shuffle) {
    numpy_shuffle(seed, files.paths);
    numpy_shuffle(seed, files.labels);
  }
  if (options.subset != Subset::all) {
    const size_t all = files.paths.size();
    const auto held = static_cast<size_t>(options.validation_split * static_cast<double>(all));
    // Python's [:-0] is nothing, and [-0:] everything; here no validation files are none.
    auto cut = [&](auto& list) {
      if (list.empty()) return;
      if (options.subset == Subset::training)
        list.resize(all - held);
      else
        list.erase(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(all - held));
    };
    cut(files.paths);
    cut(files.labels);
  }
  if (files.paths.empty())
    throw ValueError(function + ": no files found in '" + directory + "'. Allowed formats: " + list_of(endings));
  return files;
}

Arrays label_array(int32_t label, LabelMode mode, size_t num_classes) {
  switch (mode) {
    case LabelMode::integer:
      return Array::scalar<int32_t>(label);
    case LabelMode::binary:
      return Array::of<float>({1}, {static_cast<float>(label)});
    case LabelMode::categorical: {
      Array one_hot(DType::float32, {static_cast<int64_t>(num_classes)});
      if (static_cast<size_t>(label) < num_classes) one_hot.mutable_as<float>()[static_cast<size_t>(label)] = 1;
      return one_hot;
    }
    case LabelMode::none:
      break;
  }
  return {};
}

Dataset dataset_of(const Files& files, const DirectoryOptions& options, uint32_t seed,
                   std::function<Array(const std::string& path)> load, Batches batches) {
  auto shared = std::make_shared<const Files>(files);
  Dataset dataset = Dataset::range(static_cast<int64_t>(files.paths.size()));
  if (options.shuffle)
    dataset = dataset.shuffle(options.batch_size ? *options.batch_size * 8 : 1024, {.seed = static_cast<int64_t>(seed)});
  auto make = [shared, load = std::move(load), mode = options.label_mode](Element number, const MapCall&) {
    auto i = static_cast<size_t>(number.x[0].get_int(0));
    Element element{.x = load(shared->paths[i])};
    if (!shared->labels.empty()) element.y = label_array(shared->labels[i], mode, shared->class_names.size());
    return element;
  };
  dataset = dataset.map(make, {.num_parallel_calls = options.num_parallel_calls, .seed = static_cast<int64_t>(seed)});
  if (options.batch_size)
    dataset = batches == Batches::padded ? Dataset(padded_batch_node(dataset.node(), *options.batch_size))
                                         : dataset.batch(*options.batch_size);
  return dataset.prefetch();
}

}  // namespace hornbeam::data
