#include "tools/hornbeam/image_folders.h"

#include <filesystem>

#include <hornbeam/base/error.h>

namespace hornbeam::cli {
namespace {

LabelMode label_mode(const Model& model, const std::string& folder) {
  const Tree<Loss>& losses = model.compile_options().loss;
  if (losses.size() != 1 || !losses[0])
    throw ValueError(folder + ": a folder of pictures has one label a picture; the model must have one loss");
  const Config config = losses[0].config();
  const std::string name = config.is_object() ? config.at("class_name").as_string() : config.as_string();
  if (name.starts_with("Sparse") || name.starts_with("sparse")) return LabelMode::integer;
  const Shape output = model.compute_output_shape(model.build_shapes()).single();
  return output[-1] == 1 ? LabelMode::binary : LabelMode::categorical;
}

}  // namespace

bool is_folder(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

Dataset read_image_folder(const Model& model, const std::string& folder, const FolderOptions& options) {
  const Shapes& inputs = model.build_shapes();
  if (inputs.size() != 1 || inputs[0].rank() != 4)
    throw ValueError(folder + ": is a folder, and the model '" + model.name() +
                     "' does not take one picture [batch, height, width, channels]");
  const Shape& shape = inputs[0];
  if (shape[1] < 0 || shape[2] < 0 || (shape[3] != 1 && shape[3] != 3 && shape[3] != 4))
    throw ValueError(folder + ": the model '" + model.name() + "' takes pictures of shape " + shape.to_string() +
                     "; a fixed height and width and 1, 3 or 4 channels are needed to read them from a folder");
  ImageDatasetOptions read;
  read.label_mode = options.labels ? label_mode(model, folder) : LabelMode::none;
  read.color_mode = shape[3] == 1 ? "grayscale" : shape[3] == 3 ? "rgb" : "rgba";
  read.batch_size = options.batch_size;
  read.image_size = {shape[1], shape[2]};
  read.shuffle = options.shuffle;
  read.seed = options.seed;
  read.validation_split = options.validation_split;
  read.subset = options.subset;
  DirectoryDataset found = image_dataset_from_directory(folder, read);
  if (options.labels) {
    const auto classes = static_cast<int64_t>(found.class_names.size());
    const Shape output = model.compute_output_shape(model.build_shapes()).single();
    if (classes < 2) throw ValueError(folder + ": has " + std::to_string(classes) + " class folders; 2 or more are needed");
    if (read.label_mode != LabelMode::binary && output[-1] >= 0 && output[-1] < classes)
      throw ValueError(folder + ": has " + std::to_string(classes) + " class folders, and the model '" + model.name() +
                       "' has " + std::to_string(output[-1]) + " outputs");
    if (read.label_mode == LabelMode::categorical && output[-1] != classes)
      throw ValueError(folder + ": has " + std::to_string(classes) + " class folders, and the model '" + model.name() +
                       "' has " + std::to_string(output[-1]) + " outputs");
  }
  return found.dataset;
}

}  // namespace hornbeam::cli
