// TFRecord files of tf.train.Examples, as TensorFlow's tools write them.
//
//   auto train = hb::tfrecord_dataset({"train-0.tfrecord", "train-1.tfrecord"},
//                                     {.features = {{"image", {.dtype = hb::DType::uint8, .shape = {28, 28},
//                                                              .encoding = hb::FeatureEncoding::raw}},
//                                                   {"label", {.dtype = hb::DType::int32}}},
//                                      .targets = {"label"}}).shuffle(1000).batch(32);
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <hornbeam/data/dataset.h>

namespace hornbeam {

enum class FeatureEncoding : uint8_t {
  values,  // a list of floats, of integers, or of byte strings (DType::string)
  raw,     // one byte string: the elements in memory, little-endian
  image,   // one byte string: a PNG, JPEG, BMP or GIF file; uint8 [height, width, channels]
};

// What a feature of an Example becomes.
struct ExampleFeature {
  DType dtype = DType::float32;
  // Of one example; the first axis may be kUnknown: as many values as there are. Ignored for an image but for its channels
  // (1, 3 or 4), where a third axis says so.
  Shape shape = {};
  FeatureEncoding encoding = FeatureEncoding::values;
  std::optional<double> default_value = {};  // fills an example without the feature, which is an error without it
};
using ExampleFeatures = std::map<std::string, ExampleFeature>;

// An Example's features as a map of arrays. Throws ValueError that names the feature that is missing or does not fit, IOError
// for bytes that are no Example.
Arrays parse_example(std::string_view record, const ExampleFeatures& features);

struct TFRecordDatasetOptions {
  ExampleFeatures features = {};            // which features are read; without any, elements are the records: string scalars
  std::vector<std::string> targets = {};    // those that are y
  std::optional<std::string> sample_weight = {};  // the one that is sample_weight
  // "auto" (by the files' first bytes), "" (none), "GZIP" or "ZLIB".
  std::string compression = "auto";
  int num_parallel_calls = 0;               // threads that parse; 0: one for each core
};

// The records of files, one after another, each with its checksums checked. Several features are a map by their names, one
// alone is an array. Throws ValueError for options that do not fit; IOError, when it is read, for a file that is damaged.
Dataset tfrecord_dataset(const std::vector<std::string>& paths, const TFRecordDatasetOptions& options = {});

}  // namespace hornbeam
