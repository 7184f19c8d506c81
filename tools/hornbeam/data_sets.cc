// Data sets by name.
#include "tools/hornbeam/data_sets.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include <hornbeam/base/error.h>
#include <hornbeam/runtime/data/idx.h>

namespace hornbeam::cli {
namespace {

const std::vector<std::string> kNames = {"fashion-mnist", "mnist"};

std::string read_name(const std::string& name) { return name.substr(0, name.find(':')); }

Array read(const std::string& folder, const std::string& stem, const std::string& set) {
  for (const char* ending : {".gz", ""}) {
    const std::string path = folder + "/" + stem + ending;
    if (std::filesystem::exists(path)) return runtime::read_idx(path);
  }
  throw IOError("The data set " + set + " is not there: " + folder + " has no " + stem + ".gz. " +
                (set == "fashion-mnist"
                     ? "Install Debian's package dataset-fashion-mnist, or give its folder with --data-dir"
                     : "Give the folder of its idx files with --data-dir"));
}

}  // namespace

bool is_data_set(const std::string& name) {
  const std::string part = name.substr(std::min(name.size(), read_name(name).size()));
  return std::find(kNames.begin(), kNames.end(), read_name(name)) != kNames.end() &&
         (part.empty() || part == ":train" || part == ":test");
}

std::string data_set_names() {
  std::string text;
  for (const std::string& name : kNames) text += (text.empty() ? "" : ", ") + name;
  return text;
}

DataSet read_data_set(const std::string& name, Part part, const std::string& folder) {
  const std::string set = read_name(name);
  if (name.ends_with(":train")) part = Part::train;
  if (name.ends_with(":test")) part = Part::test;
  const std::string where = folder.empty() ? "/usr/share/datasets/" + set : folder;
  const std::string stem = part == Part::train ? "train" : "t10k";
  return {read(where, stem + "-images-idx3-ubyte", set),
          read(where, stem + "-labels-idx1-ubyte", set).cast(DType::int32)};
}

Array fitted(const Array& images, const Model& model) {
  const Shapes& inputs = model.build_shapes();
  if (inputs.size() != 1) return images;
  Shape shape{images.shape()[0]};
  for (int64_t i = 1; i < inputs[0].rank(); ++i) {
    if (inputs[0][i] < 0) return images;
    shape.push_back(inputs[0][i]);
  }
  return shape.num_elements() == images.num_elements() ? images.reshaped(shape) : images;
}

}  // namespace hornbeam::cli
