// Shapes and dtypes of inputs and targets, worked out from the model.
#include "frontend/src/model/export_types.h"

#include <hornbeam/input.h>

namespace hornbeam {
namespace {

trace::Spec spec_of(const Shape& shape, DType dtype, int64_t batch_size, const std::string& what) {
  if (dtype == DType::string)
    throw NotImplementedError("export_model: " + what + " is of strings, and a binary has no code for them yet.");
  Shape full = shape;
  if (full.empty()) throw ValueError("export_model: " + what + " has no batch axis.");
  full[0] = batch_size;
  for (int64_t dim : full)
    if (dim == kUnknown)
      throw ValueError("export_model: all axes but the batch must be known. Received: " + what + " of shape " +
                       shape.to_string());
  return {dtype, std::move(full)};
}

// The dtype of the model's input of this name; float32 where its Input is not one of its layers.
DType input_dtype(const Model& model, const std::string& name) {
  for (const Layer::SubLayer& sub : model.sublayers())
    if (auto input = std::dynamic_pointer_cast<layers::InputLayer>(sub.layer); input && input->name() == name)
      return input->dtype();
  return DType::float32;
}

const Loss* loss_of(const Tree<Loss>& losses, size_t output, const std::vector<std::string>& names) {
  if (losses.is_map()) return losses.find(names.at(output));
  if (losses.is_single()) return &losses[0];
  return output < losses.size() ? &losses[output] : nullptr;
}

bool is_sparse(const Loss* loss) {
  return loss && *loss && loss->config().at("class_name").as_string() == "SparseCategoricalCrossentropy";
}

void add_targets(const Model& model, ExportTypes& types) {
  if (!model.compiled())
    throw ValueError("export_model: the model '" + model.name() +
                     "' is not compiled, so there is no optimizer and no loss to train with.");
  std::vector<trace::Spec> outputs = infer_outputs(model, types.batch, true);
  std::vector<std::string> names = model.output_names();
  for (size_t i = 0; i < outputs.size(); ++i) {
    Shape shape = outputs[i].shape;
    bool sparse = is_sparse(loss_of(model.compile_options().loss, i, names));
    if (sparse) shape = Shape(std::vector<int64_t>(shape.begin(), shape.end() - 1));
    types.batch.y.push_back({sparse ? DType::int32 : DType::float32, shape});
    types.target_names.push_back("y_" + names.at(i));
    types.batch.has_weight.push_back(false);
  }
}

}  // namespace

ExportTypes export_types(const Model& model, int64_t batch_size, bool with_targets) {
  std::vector<std::string> names = model.input_names();
  const Shapes& shapes = model.build_shapes();
  if (names.empty() || names.size() != shapes.size())
    throw ValueError("export_model: the model '" + model.name() +
                     "' has no known inputs. Begin it with an Input, or make it of Input tensors.");
  ExportTypes types;
  types.batch.size = batch_size;
  for (size_t i = 0; i < names.size(); ++i)
    types.batch.x.push_back(spec_of(shapes[i], input_dtype(model, names[i]), batch_size, "input '" + names[i] + "'"));
  types.batch.x_structure = names.size() == 1 ? Tree<int>(0) : Tree<int>(std::vector<int>(names.size(), 0));
  if (with_targets) add_targets(model, types);
  return types;
}

}  // namespace hornbeam
