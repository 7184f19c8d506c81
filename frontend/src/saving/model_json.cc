// A model's config as text of its own.
#include <hornbeam/model_from_json.h>

#include "frontend/src/model/graph_rebuild.h"
#include "frontend/src/saving/compile_config.h"
#include "frontend/src/saving/model_config.h"

namespace hornbeam {

std::string Model::to_json(int indent) const {
  std::shared_ptr<Layer> self = shared();
  SharedLayerIds ids(*self);
  Config config = self->serialize();
  if (compiled()) config["compile_config"] = compile_config();
  return config.to_json(indent);
}

namespace {

Model made_of(const std::string& json) {
  Config config = saving::check_model_config(saving::parse_model_config(json, "The JSON text"));
  SharedObjects objects;
  auto model = std::dynamic_pointer_cast<Model>(std::static_pointer_cast<Layer>(registry::create(Kind::layer, config)));
  if (!model) throw IOError("The JSON text describes a layer, not a model.");
  model->shared();  // keeps the object of the full class, which a Model's methods call
  const Config* build = config.find("build_config");
  const Config* shape = build ? build->find("input_shape") : nullptr;
  if (!model->built() && shape && shape->is_array()) model->ensure_built(shape->as_shape());
  const Config* compile = config.find("compile_config");
  if (compile && compile->is_object() && compile->as_object().size() > 0)
    model->compile(saving::read_compile_config(*compile));
  return *model;
}

}  // namespace

Model model_from_json(const std::string& json) {
  try {
    return made_of(json);
  } catch (const IOError&) {
    throw;
  } catch (const NotImplementedError&) {
    throw;
  } catch (const Error& error) {
    throw IOError(std::string("The JSON text: ") + error.what());
  }
}

}  // namespace hornbeam
