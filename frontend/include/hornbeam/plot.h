// Pictures: a model's layer graph, and the curves of a training.
#pragma once

#include <string>

#include <hornbeam/history.h>
#include <hornbeam/model.h>

namespace hornbeam {

struct PlotOptions {
  bool show_shapes = true;       // of each layer's inputs and outputs
  bool show_layer_names = true;  // else the class alone
  std::string rankdir = "TB";    // "TB": inputs above; "LR": inputs on the left
};

// A box a layer, an arrow for each tensor that goes from one to another. Throw ValueError for a model that has no layer
// graph yet (subclassed, or Sequential and not built) and for an unknown rankdir.
std::string model_to_dot(const Model& model, const PlotOptions& options = {});  // for Graphviz
std::string model_to_svg(const Model& model, const PlotOptions& options = {});
// Writes one of them, by the path's ending: .dot or .svg. Throws IOError.
void plot_model(const Model& model, const std::string& path, const PlotOptions& options = {});

// A panel for each metric over the epochs, with its validation values beside the training values: an SVG picture.
std::string history_to_svg(const History& history);

}  // namespace hornbeam
