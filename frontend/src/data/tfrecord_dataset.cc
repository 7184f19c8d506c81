#include <hornbeam/data/tfrecord_dataset.h>

#include <algorithm>

#include <hornbeam/base/error.h>
#include <hornbeam/base/strings.h>
#include <hornbeam/registry.h>

#include "frontend/src/data/nodes.h"
#include "runtime/data/tfrecord.h"

namespace hornbeam {
namespace {

runtime::RecordCompression compression_of(const std::string& name) {
  if (name == "auto") return runtime::RecordCompression::automatic;
  if (name.empty()) return runtime::RecordCompression::none;
  if (name == "GZIP") return runtime::RecordCompression::gzip;
  if (name == "ZLIB") return runtime::RecordCompression::zlib;
  throw ValueError("tfrecord_dataset: `compression` must be \"auto\", \"\", \"GZIP\" or \"ZLIB\". Received: compression=\"" +
                   name + "\"");
}

// Each record as a string scalar.
Dataset records_of(std::vector<std::string> paths, runtime::RecordCompression compression) {
  return Dataset::from_generator([paths = std::move(paths), compression]() -> Dataset::Next {
    return [paths, compression, file = size_t{0},
            reader = std::shared_ptr<runtime::RecordReader>()]() mutable -> std::optional<Element> {
      std::string record;
      for (;; ++file, reader.reset()) {
        if (!reader && file == paths.size()) return {};
        if (!reader) reader = runtime::RecordReader::open(paths[file], compression);
        if (reader->next(record)) return Element{.x = strings(Shape(), {std::move(record)})};
      }
    };
  });
}

// One array by itself, several by their names.
Arrays pick(const Arrays& all, const std::vector<std::string>& names) {
  if (names.empty()) return {};
  if (names.size() == 1) return all[names[0]];
  Arrays picked;
  for (const std::string& name : names) picked.set(name, all[name]);
  return picked;
}

}  // namespace

Dataset tfrecord_dataset(const std::vector<std::string>& paths, const TFRecordDatasetOptions& options) {
  const runtime::RecordCompression compression = compression_of(options.compression);
  if (paths.empty()) throw ValueError("tfrecord_dataset: no files were given.");
  std::vector<std::string> names, inputs, weights;
  for (const auto& [name, feature] : options.features) names.push_back(name);
  auto check = [&](const std::string& name, const char* option) {
    if (std::find(names.begin(), names.end(), name) == names.end())
      throw ValueError(std::string("tfrecord_dataset: `") + option + "` names '" + name + "', which is none of `features`." +
                       registry::suggest(name, names));
  };
  for (const std::string& name : options.targets) check(name, "targets");
  if (options.sample_weight) {
    check(*options.sample_weight, "sample_weight");
    weights = {*options.sample_weight};
  }
  for (const std::string& name : names)
    if (std::find(options.targets.begin(), options.targets.end(), name) == options.targets.end() &&
        name != options.sample_weight)
      inputs.push_back(name);
  Dataset records = records_of(paths, compression);
  if (options.features.empty()) return records;
  if (inputs.empty()) throw ValueError("tfrecord_dataset: every one of `features` is a target.");
  auto parse = [features = options.features, inputs, targets = options.targets, weights](Element record) {
    Arrays all = parse_example(strings_of(record.x[0])[0], features);
    return Element{pick(all, inputs), pick(all, targets), pick(all, weights)};
  };
  return records.map(parse, {.num_parallel_calls = options.num_parallel_calls, .seed = 0});
}

}  // namespace hornbeam
