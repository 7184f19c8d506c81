// A layer that was given as an activation is a part of the layer that has it: its weights are trained and saved with it.
#pragma once

#include <utility>

#include <hornbeam/activation.h>

#include "frontend/src/layer_state.h"

namespace hornbeam {

inline void track_activation(Layer& layer, const Activation& activation, std::string attribute = "activation") {
  if (activation.layer()) LayerAccess::track(layer, *activation.layer(), std::move(attribute));
}

}  // namespace hornbeam
