// The state of optimizers that a model tracks, from a file. An optimizer has no variables before a step of the model's own
// uses it, so what a file holds waits until then.
#pragma once

#include <hornbeam/model.h>

namespace hornbeam {

// Gives each tracked optimizer that is built by now what waits for it. Throws ValueError if it does not fit.
void give_loaded_slots(const Model& model);

}  // namespace hornbeam
