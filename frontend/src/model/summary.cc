// Model::summary: Keras' table of layers.
#include <algorithm>

#include <hornbeam/input.h>
#include <hornbeam/model.h>

#include "frontend/src/graph.h"
#include "frontend/src/model/model_state.h"

namespace hornbeam {
namespace {

std::string with_commas(int64_t n) {
  std::string digits = std::to_string(n);
  for (int64_t at = static_cast<int64_t>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<size_t>(at), ",");
  return digits;
}

// keras.src.utils.summary_utils.readable_memory_size.
std::string memory(double bytes) {
  static const char* const kUnits[] = {"Byte", "KB", "MB", "GB", "TB", "PB"};
  size_t unit = 0;
  for (; bytes >= 1024 && unit < 5; ++unit) bytes /= 1024;
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 ? "%.2f B" : "%.2f %s", bytes, kUnits[unit]);
  return text;
}

struct Sums {
  int64_t count = 0;
  int64_t bytes = 0;
  explicit Sums(const std::vector<Variable>& variables) {
    for (const Variable& variable : variables) {
      count += variable.shape().num_elements();
      bytes += variable.shape().num_elements() * static_cast<int64_t>(size_of(variable.dtype()));
    }
  }
  std::string text() const { return with_commas(count) + " (" + memory(static_cast<double>(bytes)) + ")"; }
};

struct Row {
  std::string name, shape, params, inputs;
  std::string trainable;
};

// Columns are counted in characters, not bytes: box lines take three bytes each.
void line(std::string& out, const std::vector<size_t>& widths, const char* left, const char* middle, const char* right, const char* dash) {
  out += left;
  for (size_t i = 0; i < widths.size(); ++i) {
    for (size_t j = 0; j < widths[i] + 2; ++j) out += dash;
    out += i + 1 < widths.size() ? middle : right;
  }
  out += "\n";
}

void cells(std::string& out, const std::vector<size_t>& widths, const std::vector<std::string>& texts, const std::vector<bool>& right,
           const char* bar) {
  // A text that is too long goes on in the next line of its cell.
  size_t lines = 1;
  for (size_t i = 0; i < widths.size(); ++i) lines = std::max(lines, (texts[i].size() + widths[i] - 1) / widths[i]);
  for (size_t n = 0; n < lines; ++n) {
    out += bar;
    for (size_t i = 0; i < widths.size(); ++i) {
      std::string part = n * widths[i] < texts[i].size() ? texts[i].substr(n * widths[i], widths[i]) : "";
      std::string pad(widths[i] - part.size(), ' ');
      out += " " + (right[i] ? pad + part : part + pad) + " " + bar;
    }
    out += "\n";
  }
}

}  // namespace

std::string Model::summary(SummaryOptions options) const {
  const std::optional<graph::Graph>& graph = model_state()->graph;
  std::vector<LayerPtr> shown;
  if (graph) shown = graph->layers;
  else
    for (const SubLayer& sub : sublayers()) shown.push_back(sub.layer);
  // A plain stack is shown without the column of connections, and without its Input, as Keras does.
  bool stack = class_name() == "Sequential" || !graph;

  std::vector<Row> rows;
  auto output_shape = [&](const Layer* layer) -> std::string {
    if (!graph) return "?";
    for (const auto& node : graph->nodes) {
      if (node->layer.get() != layer) continue;
      if (node->inputs.empty()) return static_cast<const layers::InputLayer*>(layer)->batch_shape().to_string();
      Shapes shapes = layer->compute_output_shape(node->inputs.map([](const Tensor& x) { return x.shape(); }));
      std::string text;
      for (const Shape& shape : shapes) text += (text.empty() ? "" : ", ") + shape.to_string();
      return shapes.size() == 1 ? text : "[" + text + "]";
    }
    return "?";
  };
  auto connections = [&](const Layer* layer) {
    std::string text;
    for (const auto& node : graph->nodes) {
      if (node->layer.get() != layer) continue;
      for (const Tensor& input : node->inputs)
        if (input.is_symbolic())
          text += (text.empty() ? "" : ", ") + input.impl()->node->layer->name() + "[" + std::to_string(input.impl()->index) + "]";
    }
    return text.empty() ? std::string("-") : text;
  };
  auto add_rows = [&](auto&& self, const std::vector<LayerPtr>& layers, const std::string& indent, bool of_this) -> void {
    for (const LayerPtr& layer : layers) {
      if (stack && dynamic_cast<layers::InputLayer*>(layer.get())) continue;
      Row row;
      row.name = indent + layer->name() + " (" + layer->class_name() + ")";
      row.shape = of_this ? output_shape(layer.get()) : "?";
      bool unbuilt = !layer->built() && graph::is_op(*layer) == false;
      row.params = unbuilt ? "0 (unbuilt)" : with_commas(Sums(layer->weights()).count);
      row.inputs = of_this && graph && !stack ? connections(layer.get()) : "-";
      row.trainable = layer->weights().empty() ? "-" : layer->trainable() ? "Y" : "N";
      rows.push_back(row);
      const auto* nested = dynamic_cast<const Model*>(layer.get());
      if (options.expand_nested && nested) self(self, nested->layers(), indent + "  ", false);
    }
  };
  add_rows(add_rows, shown, "", true);

  std::vector<std::string> heads{"Layer (type)", "Output Shape", "Param #"};
  std::vector<bool> right{false, false, true};
  if (!stack) {
    heads.push_back("Connected to");
    right.push_back(false);
  }
  if (options.show_trainable) {
    heads.push_back("Trai…");
    right.push_back(false);
  }
  // The columns grow to what they hold, up to the line's length.
  std::vector<size_t> widths;
  auto cells_of = [&](const Row& row) {
    std::vector<std::string> texts{row.name, row.shape, row.params};
    if (!stack) texts.push_back(row.inputs);
    if (options.show_trainable) texts.push_back(row.trainable);
    return texts;
  };
  static constexpr size_t kLeast[] = {31, 22, 13, 17, 5};
  for (size_t i = 0; i < heads.size(); ++i) {
    size_t width = options.show_trainable && i + 1 == heads.size() ? 5 : kLeast[i];
    for (const Row& row : rows) width = std::max(width, std::min<size_t>(cells_of(row)[i].size(), 45));
    widths.push_back(width);
  }
  if (options.line_length) {
    size_t frame = 3 * widths.size() + 1, used = frame;
    for (size_t width : widths) used += width;
    auto wanted = static_cast<size_t>(std::max<int64_t>(*options.line_length, 0));
    if (wanted > used) widths[0] += wanted - used;
  }
  std::string out = "Model: \"" + name() + "\"\n";
  line(out, widths, "┏", "┳", "┓", "━");
  out += "┃";
  for (size_t i = 0; i < heads.size(); ++i) {
    size_t length = heads[i] == "Trai…" ? 5 : heads[i].size();
    std::string pad(widths[i] - length, ' ');
    out += " " + (right[i] ? pad + heads[i] : heads[i] + pad) + " ┃";
  }
  out += "\n";
  line(out, widths, "┡", "╇", "┩", "━");
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i) line(out, widths, "├", "┼", "┤", "─");
    cells(out, widths, cells_of(rows[i]), right, "│");
  }
  line(out, widths, "└", "┴", "┘", "─");
  Sums all(weights()), trainable(trainable_weights()), fixed(non_trainable_weights());
  std::vector<Variable> slots;
  if (compiled() && optimizer()->built()) slots = optimizer()->variables();
  Sums slot_sums(slots);
  Sums total = all;
  total.count += slot_sums.count;
  total.bytes += slot_sums.bytes;
  out += " Total params: " + total.text() + "\n Trainable params: " + trainable.text() + "\n Non-trainable params: " + fixed.text() + "\n";
  if (!slots.empty()) out += " Optimizer params: " + slot_sums.text() + "\n";
  return out;
}

}  // namespace hornbeam
