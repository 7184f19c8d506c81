// Weights of a model from Keras 3's weights file: layers/<class in snake case, numbered within its container>/vars/<i>.
#pragma once

#include <hornbeam/config.h>
#include <hornbeam/model.h>

#include "frontend/src/saving/hdf5/file.h"

namespace hornbeam::saving {

// Sets all weights of the built `model`, whose checked serialized form is `config`; with `optimizer`, its state as
// well. Each variable is set once, by the first place that names it, as Keras saves shared layers. Throws IOError if an
// array is missing, of another shape, or belongs to nothing in the model.
void load_weights(const Model& model, const Config& config, hdf5::File& file, bool optimizer);

}  // namespace hornbeam::saving
