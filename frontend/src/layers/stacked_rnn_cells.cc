#include <hornbeam/layers/stacked_rnn_cells.h>

#include "frontend/src/layers/cell_support.h"

namespace hornbeam::layers {

static const Register<StackedRNNCells> registered{"StackedRNNCells", "keras.layers"};

CellHandle::CellHandle(std::initializer_list<CellHandle> cells)
    : CellHandle(StackedRNNCells({.cells = std::vector<CellHandle>(cells)}).shared()) {}

StackedRNNCells::StackedRNNCells(StackedRNNCellsOptions options)
    : RNNCellOf(options.name, options.dtype, options.trainable), cells_(std::move(options.cells)) {
  if (cells_.empty()) throw ValueError("[StackedRNNCells] At least one cell must be given. Received: cells=[]");
  for (const CellHandle& cell : cells_) {
    if (!cell.valid()) throw ValueError("[StackedRNNCells] All cells must be given. Received: cell=none");
    track_layer(*cell.layer(), "cells/");
  }
}

std::vector<int64_t> StackedRNNCells::state_size() const {
  std::vector<int64_t> sizes;
  for (const CellHandle& cell : cells_)
    for (int64_t size : cell->state_size()) sizes.push_back(size);
  return sizes;
}

int64_t StackedRNNCells::output_size() const { return cells_.back()->output_size(); }

namespace {

// The shape of a cell's input behind a cell: its output, for each example.
Shape behind(const RNNCell& cell, const Shape& input) {
  std::vector<int64_t> dims{input[0]};
  Shape output = cell.output_shape(input);
  dims.insert(dims.end(), output.begin(), output.end());
  return Shape(dims);
}

}  // namespace

std::vector<Shape> StackedRNNCells::state_shapes(const Shape& input) const {
  std::vector<Shape> shapes;
  Shape at = input;
  for (const CellHandle& cell : cells_) {
    for (const Shape& shape : cell->state_shapes(at)) shapes.push_back(shape);
    at = behind(*cell, at);
  }
  return shapes;
}

Shape StackedRNNCells::output_shape(const Shape& input) const {
  Shape at = input, output;
  for (const CellHandle& cell : cells_) {
    output = cell->output_shape(at);
    at = behind(*cell, at);
  }
  return output;
}

int64_t StackedRNNCells::output_state() const {
  int64_t before = 0;
  for (size_t i = 0; i + 1 < cells_.size(); ++i) before += static_cast<int64_t>(cells_[i]->state_size().size());
  int64_t last = cells_.back()->output_state();
  return last < 0 ? -1 : before + last;
}

void StackedRNNCells::build(const Shapes& inputs) {
  Shape at = inputs[0];
  for (const CellHandle& cell : cells_) {
    cell.layer()->ensure_built(at);
    at = behind(*cell, at);
  }
}

RNNCell::Run StackedRNNCells::begin(const Shape& input, const CallArgs& args) {
  std::vector<Run> runs;
  std::vector<size_t> counts;
  Shape at = input;
  for (const CellHandle& cell : cells_) {
    runs.push_back(cell->begin(at, args));
    counts.push_back(cell->state_size().size());
    at = behind(*cell, at);
  }
  auto project = runs[0].project;
  return {project, [runs, counts](const Tensor& x, const std::vector<Tensor>& states) {
            std::vector<Tensor> new_states;
            Tensor value = x;
            auto first = states.begin();
            for (size_t i = 0; i < runs.size(); ++i) {
              std::vector<Tensor> own(first, first + static_cast<int64_t>(counts[i]));
              first += static_cast<int64_t>(counts[i]);
              std::vector<Tensor> results = runs[i].step(i == 0 ? value : runs[i].project(value), own);
              value = results[0];
              new_states.insert(new_states.end(), results.begin() + 1, results.end());
            }
            new_states.insert(new_states.begin(), value);
            return new_states;
          }};
}

Tensors StackedRNNCells::call(const Tensors& inputs, const CallArgs& args) { return call_once(*this, inputs, args); }

Config StackedRNNCells::config() const {
  Config config = base_config();
  Config cells = Config::array();
  for (const CellHandle& cell : cells_) cells.push_back(cell.layer()->serialize());
  config["cells"] = cells;
  return config;
}

StackedRNNCells StackedRNNCells::from_config(const Config& config) {
  StackedRNNCellsOptions options;
  read_base(config, options);
  for (const Config& cell : config.at("cells").as_array()) options.cells.push_back(CellHandle(layer_from_config(cell)));
  return StackedRNNCells(std::move(options));
}

}  // namespace hornbeam::layers
