// Places for the boxes of a layer graph: rows by distance from the inputs, few crossings, straight chains.
#pragma once

#include <vector>

#include "frontend/src/plot/layer_graph.h"

namespace hornbeam::plot {

struct Point {
  double x = 0, y = 0;
};
struct Size {
  double width = 0, height = 0;
};

struct Layout {
  std::vector<Point> centers;              // of the boxes
  std::vector<std::vector<Point>> arrows;  // from box to box, by way of the rows between
  Size size;                               // of the whole, margins included
};

// Rows go down; with `sideways` they go to the right.
Layout lay_out(const LayerGraph& graph, const std::vector<Size>& sizes, bool sideways);

}  // namespace hornbeam::plot
