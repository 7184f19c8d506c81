// Shapes and dtypes of inputs and targets, worked out from the model.
#include "frontend/src/model/export_types.h"

#include <hornbeam/input.h>

#include "frontend/src/model/host_split.h"

namespace hornbeam {
namespace {

trace::Spec spec_of(const Shape& shape, DType dtype, int64_t batch_size, const std::string& what) {
  if (dtype == DType::string)
    throw NotImplementedError("export_model: " + what + " is of strings, and no layer of the model takes them.");
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

void add_targets(const Model& model, ExportTypes& types, bool weights) {
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
    types.batch.has_weight.push_back(weights);
    if (!weights) continue;
    types.batch.weights.push_back({DType::float32, {types.batch.size}});
    types.sample_weight_names.push_back(outputs.size() == 1 ? "sample_weight" : "sample_weight_" + names.at(i));
  }
}

// What the compiled part takes from the layers before it, named by these or, where an input goes straight there, by it.
void add_core_inputs(const HostSplit& split, const Model& model, ExportTypes& types) {
  if (!split.core)
    throw ValueError("export_model: the model '" + model.name() +
                     "' has no compiled part; all of it runs on the host.");
  for (const Tensor& input : split.core->inputs) {
    std::string name =
        input.name().empty() || !input.impl()->node->inputs.empty() ? input.impl()->node->layer->name() : input.name();
    for (int64_t axis = 1; axis < input.rank(); ++axis)
      if (input.shape()[axis] == kUnknown)
        throw ValueError("export_model: the number of words that layer '" + input.impl()->node->layer->name() +
                         "' gives out must be known. Give it an output_sequence_length.");
    types.batch.x.push_back(spec_of(input.shape(), input.dtype(), types.batch.size, "'" + name + "'"));
    types.input_names.push_back(name);
  }
  const size_t count = types.batch.x.size();
  types.batch.x_structure = count == 1 ? Tree<int>(0) : Tree<int>(std::vector<int>(count, 0));
}

}  // namespace

ExportTypes export_types(const Model& model, int64_t batch_size, bool with_targets, bool with_sample_weights) {
  std::vector<std::string> names = model.input_names();
  const Shapes& shapes = model.build_shapes();
  if (names.empty() || names.size() != shapes.size())
    throw ValueError("export_model: the model '" + model.name() +
                     "' has no known inputs. Begin it with an Input, or make it of Input tensors.");
  ExportTypes types;
  types.batch.size = batch_size;
  if (const HostSplit* split = host_split_of(model)) {
    add_core_inputs(*split, model, types);
    if (with_targets) add_targets(model, types, with_sample_weights);
    return types;
  }
  types.input_names = names;
  for (size_t i = 0; i < names.size(); ++i)
    types.batch.x.push_back(spec_of(shapes[i], input_dtype(model, names[i]), batch_size, "input '" + names[i] + "'"));
  types.batch.x_structure = names.size() == 1 ? Tree<int>(0) : Tree<int>(std::vector<int>(names.size(), 0));
  if (with_targets) add_targets(model, types, with_sample_weights);
  return types;
}

}  // namespace hornbeam
