// A model's layers as boxes and arrows, without places.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <hornbeam/plot.h>

namespace hornbeam::plot {

struct LayerGraph {
  struct Box {
    std::vector<std::string> lines;
  };
  std::vector<Box> boxes;                         // in order of execution
  std::vector<std::pair<size_t, size_t>> arrows;  // from, to: numbers of boxes
};

LayerGraph layer_graph(const Model& model, const PlotOptions& options);

}  // namespace hornbeam::plot
