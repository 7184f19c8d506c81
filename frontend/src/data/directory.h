// A folder with a folder for each class: its files and labels in Keras' order, shuffled as NumPy's RandomState does it,
// so that the same seed gives the same training and validation files as in Keras.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <hornbeam/data/directory_options.h>

#include "frontend/src/data/node.h"

namespace hornbeam::data {

struct Files {
  std::vector<std::string> paths;
  std::vector<int32_t> labels;  // empty without labels
  std::vector<std::string> class_names;
};

// numpy.random.RandomState(seed).shuffle on any list.
template <class T>
void numpy_shuffle(uint32_t seed, std::vector<T>& list);

// Checks what all loaders have in common. Throws ValueError; `function` begins its text.
void check_options(const std::string& function, const DirectoryOptions& options);
// The files of a folder whose names end with one of these (lower case), shuffled and split as the options say. Throws
// IOError for a folder that is not there, ValueError for classes or labels that do not fit or if no file is left.
Files list_files(const std::string& function, const std::string& directory, const std::vector<std::string>& endings,
                 const DirectoryOptions& options, uint32_t seed);
// The seed that the options give, or a drawn one.
uint32_t seed_of(const DirectoryOptions& options);
// A label as label_mode wants it.
Arrays label_array(int32_t label, LabelMode mode, size_t num_classes);
enum class Batches : uint8_t { equal, padded };  // padded: ended by zeros up to the largest shape of the batch
// path and label of each file, shuffled through a buffer as Keras' loaders do, `load` called on the path by worker
// threads, batched, and read ahead.
Dataset dataset_of(const Files& files, const DirectoryOptions& options, uint32_t seed,
                   std::function<Array(const std::string& path)> load, Batches batches = Batches::equal);

}  // namespace hornbeam::data
