// Model::summary: Keras' table of layers.
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <hornbeam/input.h>
#include <hornbeam/model.h>

#include "frontend/src/graph.h"
#include "frontend/src/model/model_state.h"

namespace hornbeam {
namespace {

std::string with_commas(int64_t n) {
  std::string digits = std::to_string(n);
  for (int64_t at = static_cast<int64_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<size_t>(at), ",");
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

// A table as Keras lets rich draw it: columns by shares of the line's length, cells wrapped at spaces, and a word that
// is too long cut with an ellipsis.
struct Table {
  enum class Align : uint8_t { left, right, center };
  struct Column {
    std::string head;
    Align align;
    int64_t width = 0;  // of a cell's text
  };
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;

  // `ends` are the columns' right ends as shares of `length`, the length of a line in characters.
  void lay_out(const std::vector<double>& ends, int64_t length) {
    int64_t current = 0, total = static_cast<int64_t>(columns.size()) + 1;
    for (size_t i = 0; i < columns.size(); ++i) {
      columns[i].width = std::max<int64_t>(4, static_cast<int64_t>(ends[i] * static_cast<double>(length)) - current);
      current += columns[i].width;
      total += columns[i].width + 2;
    }
    // Borders and padding are taken off all columns evenly, the fractions rounded to even.
    auto left = static_cast<int64_t>(columns.size());
    for (Column& column : columns) {
      if (total <= length) break;
      auto share =
          static_cast<int64_t>(std::nearbyint(static_cast<double>(total - length) / static_cast<double>(left--)));
      column.width = std::max<int64_t>(1, column.width - share);
      total -= share;
    }
  }

  std::string draw() const {
    std::string out;
    std::vector<std::string> heads;
    for (const Column& column : columns) heads.push_back(column.head);
    line(out, "┏", "┳", "┓", "━");
    cells(out, heads, "┃");
    line(out, "┡", "╇", "┩", "━");
    for (size_t i = 0; i < rows.size(); ++i) {
      if (i) line(out, "├", "┼", "┤", "─");
      cells(out, rows[i], "│");
    }
    line(out, "└", "┴", "┘", "─");
    return out;
  }

 private:
  // Characters, of UTF-8.
  static int64_t length_of(const std::string& text) {
    return std::count_if(text.begin(), text.end(),
                         [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  }
  static std::string cut(const std::string& text, int64_t width) {
    if (length_of(text) <= width) return text;
    std::string out;
    int64_t characters = 0;
    for (char c : text) {
      if ((static_cast<unsigned char>(c) & 0xC0) != 0x80 && ++characters == width) break;
      out += c;
    }
    return out + "…";
  }
  static std::vector<std::string> wrapped(const std::string& text, int64_t width) {
    std::vector<std::string> lines(1);
    bool first = true;
    for (size_t begin = 0; begin <= text.size();) {
      size_t space = std::min(text.find(' ', begin), text.size());
      std::string word = text.substr(begin, space - begin);
      begin = space + 1;
      std::string longer = first ? word : lines.back() + " " + word;
      first = false;
      // Leading spaces indent; they do not count as a word that could stand alone.
      bool blank = lines.back().find_first_not_of(' ') == std::string::npos;
      if (length_of(longer) <= width || blank)
        lines.back() = longer;
      else
        lines.push_back(word);
    }
    for (std::string& part : lines) part = cut(part, width);
    return lines;
  }
  void line(std::string& out, const char* left, const char* middle, const char* right, const char* dash) const {
    out += left;
    for (size_t i = 0; i < columns.size(); ++i) {
      for (int64_t j = 0; j < columns[i].width + 2; ++j) out += dash;
      out += i + 1 < columns.size() ? middle : right;
    }
    out += "\n";
  }
  void cells(std::string& out, const std::vector<std::string>& texts, const char* bar) const {
    std::vector<std::vector<std::string>> parts;
    size_t height = 1;
    for (size_t i = 0; i < columns.size(); ++i) {
      parts.push_back(wrapped(texts[i], columns[i].width));
      height = std::max(height, parts[i].size());
    }
    for (size_t n = 0; n < height; ++n) {
      out += bar;
      for (size_t i = 0; i < columns.size(); ++i) {
        std::string part = n < parts[i].size() ? parts[i][n] : "";
        auto space = static_cast<size_t>(columns[i].width - length_of(part));
        size_t before = columns[i].align == Align::right ? space : columns[i].align == Align::center ? space / 2 : 0;
        out += " " + std::string(before, ' ') + part + std::string(space - before, ' ') + " " + bar;
      }
      out += "\n";
    }
  }
};

// shutil.get_terminal_size().columns.
int64_t terminal_columns() {
  if (const char* columns = std::getenv("COLUMNS"); columns && std::atoll(columns) > 0) return std::atoll(columns);
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

// One call of each layer, each on the result of the one before.
bool is_chain(const graph::Graph& graph) {
  const graph::Node* before = nullptr;
  std::vector<const Layer*> seen;
  for (const auto& node : graph.nodes) {
    if (std::find(seen.begin(), seen.end(), node->layer.get()) != seen.end()) return false;
    seen.push_back(node->layer.get());
    int inputs = 0;
    for (const Tensor& input : node->inputs) {
      if (!input.is_symbolic()) continue;
      if (++inputs > 1 || input.impl()->node.get() != before) return false;
    }
    if (before && inputs == 0) return false;
    before = node.get();
  }
  return true;
}

// What the rows of a model's layers tell.
class Rows {
 public:
  Rows(const Model& model, const SummaryOptions& options, bool connections)
      : options_(options), connections_(connections), graph_(model.model_state()->graph) {
    std::vector<LayerPtr> layers = model.layers();
    if (graph_ && model.class_name() != "Sequential") layers = graph_->layers;
    for (const LayerPtr& layer : layers) add(*layer, 0);
  }
  std::vector<std::vector<std::string>> rows;

 private:
  void add(const Layer& layer, int level) {
    std::string indent;
    for (int i = 0; i < level; ++i) indent += "   ";
    if (level) indent += "└ ";
    std::vector<std::string> row{indent + layer.name() + " (" + layer.class_name() + ")", output_shape(layer)};
    bool built = layer.built() || graph::is_op(layer);
    row.push_back(built ? with_commas(Sums(layer.weights()).count) : "0 (unbuilt)");
    if (connections_) row.push_back(level ? "-" : connected_to(layer));
    if (options_.show_trainable) row.push_back(layer.weights().empty() ? "-" : layer.trainable() ? "Y" : "N");
    rows.push_back(std::move(row));
    const auto* nested = dynamic_cast<const Model*>(&layer);
    if (!options_.expand_nested || !nested) return;
    for (const LayerPtr& inner : nested->layers()) add(*inner, level + 1);
  }

  std::string output_shape(const Layer& layer) const {
    if (const auto* input = dynamic_cast<const layers::InputLayer*>(&layer)) return input->batch_shape().to_string();
    const Shapes* inputs = &layer.build_shapes();
    Shapes of_call;
    if (graph_)
      for (const auto& node : graph_->nodes)
        if (node->layer.get() == &layer) {
          of_call = node->inputs.map([](const Tensor& x) { return x.shape(); });
          inputs = &of_call;
          break;
        }
    if (inputs->empty()) return "?";
    Shapes shapes = layer.compute_output_shape(*inputs);
    std::string text;
    for (const Shape& shape : shapes) text += (text.empty() ? "" : ", ") + shape.to_string();
    return shapes.size() == 1 ? text : "[" + text + "]";
  }

  std::string connected_to(const Layer& layer) const {
    std::string text;
    for (const auto& node : graph_->nodes) {
      if (node->layer.get() != &layer) continue;
      for (const Tensor& input : node->inputs) {
        if (!input.is_symbolic()) continue;
        const graph::Node* from = input.impl()->node.get();
        int64_t call = 0;
        for (const auto& other : graph_->nodes) {
          if (other.get() == from) break;
          call += other->layer == from->layer;
        }
        text += (text.empty() ? "" : ", ") + from->layer->name() + "[" + std::to_string(call) + "][" +
                std::to_string(input.impl()->index) + "]";
      }
    }
    return text.empty() ? "-" : text;
  }

  const SummaryOptions& options_;
  bool connections_;
  const std::optional<graph::Graph>& graph_;
};

}  // namespace

std::string Model::summary(SummaryOptions options) const {
  const std::optional<graph::Graph>& graph = model_state()->graph;
  bool chain = class_name() == "Sequential" || !graph || is_chain(*graph);
  using Align = Table::Align;
  Table table;
  table.columns = {{"Layer (type)", Align::left}, {"Output Shape", Align::left}, {"Param #", Align::right}};
  std::vector<double> ends = chain ? std::vector<double>{0.45, 0.80, 1.0} : std::vector<double>{0.3, 0.56, 0.74, 1.0};
  if (!chain) table.columns.push_back({"Connected to", Align::left});
  int64_t length = chain ? 88 : 108;
  if (options.show_trainable) {
    length += 12;
    for (double& end : ends) end *= 0.90;
    ends.push_back(1.0);
    table.columns.push_back({"Trainable", Align::center});
  }
  table.lay_out(ends, options.line_length.value_or(std::min(length, terminal_columns() - 4)));
  table.rows = Rows(*this, options, !chain).rows;
  std::string out = "Model: \"" + name() + "\"\n" + table.draw();
  Sums all(weights()), trainable(trainable_weights()), fixed(non_trainable_weights());
  std::vector<Variable> slots;
  if (compiled() && optimizer()->built()) slots = optimizer()->variables();
  Sums slot_sums(slots);
  Sums total = all;
  total.count += slot_sums.count;
  total.bytes += slot_sums.bytes;
  out += " Total params: " + total.text() + "\n Trainable params: " + trainable.text() +
         "\n Non-trainable params: " + fixed.text() + "\n";
  if (!slots.empty()) out += " Optimizer params: " + slot_sums.text() + "\n";
  return out;
}

}  // namespace hornbeam
