#include <hornbeam/data/text_dataset.h>

#include <hornbeam/base/error.h>
#include <hornbeam/base/strings.h>

#include "frontend/src/data/directory.h"
#include "runtime/data/file.h"

namespace hornbeam {

DirectoryDataset text_dataset_from_directory(const std::string& directory, const TextDatasetOptions& options) {
  const char* const function = "text_dataset_from_directory";
  const DirectoryOptions common{options.labels,      options.label_mode, options.class_names,
                                options.batch_size,  options.shuffle,    options.seed,
                                options.validation_split, options.subset, options.follow_links,
                                options.num_parallel_calls};
  data::check_options(function, common);
  if (options.max_length && *options.max_length <= 0)
    throw ValueError(std::string(function) + ": `max_length` must be positive. Received: max_length=" +
                     std::to_string(*options.max_length));
  const uint32_t seed = data::seed_of(common);
  data::Files files = data::list_files(function, directory, {".txt"}, common, seed);
  auto load = [length = options.max_length](const std::string& path) {
    std::string text = runtime::read_file(path);
    if (length && text.size() > static_cast<size_t>(*length)) text.resize(static_cast<size_t>(*length));
    return strings(Shape(), {std::move(text)});
  };
  return {data::dataset_of(files, common, seed, load), files.class_names, files.paths};
}

}  // namespace hornbeam
