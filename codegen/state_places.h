// A Program's state as the passes see it.
#pragma once

#include <vector>

#include <hornbeam/runtime/program.h>

#include "passes/pipelines.h"

namespace hornbeam::codegen {

inline std::vector<passes::StatePlace> state_places(const std::vector<runtime::StateVariable>& state) {
  std::vector<passes::StatePlace> places;
  places.reserve(state.size());
  for (const runtime::StateVariable& variable : state)
    places.push_back(
        {variable.name, variable.dtype, variable.shape, static_cast<int>(variable.segment), variable.offset});
  return places;
}

}  // namespace hornbeam::codegen
