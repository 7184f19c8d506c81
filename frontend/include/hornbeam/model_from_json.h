// A model's form as JSON text (Model::to_json) and back: without weights.
#pragma once

#include <string>

#include <hornbeam/model.h>

namespace hornbeam {

// The model that to_json of Hornbeam or of Keras described, with new weights; compiled if the text says how. The text
// is data, checked as a model file is: throws IOError if it is no model's config or holds code, and NotImplementedError
// for a class that Hornbeam does not have.
Model model_from_json(const std::string& json);

}  // namespace hornbeam
