// The layer graph as Graphviz text and as an SVG picture.
#include <algorithm>

#include <hornbeam/base/atomic_file.h>
#include <hornbeam/base/error.h>
#include <hornbeam/plot.h>

#include "frontend/src/plot/layer_graph.h"
#include "frontend/src/plot/layout.h"
#include "frontend/src/plot/svg.h"

namespace hornbeam {
namespace {

constexpr double kCharacter = 7.4, kLine = 17, kPadding = 10;

std::string quoted(const std::vector<std::string>& lines) {
  std::string text = "\"";
  for (size_t i = 0; i < lines.size(); ++i) {
    if (i) text += "\\n";
    for (const char c : lines[i]) text += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  }
  return text + "\"";
}

// Characters on the screen: bytes of UTF-8 that begin one.
size_t columns(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// A smooth line through the points, in the direction of the rows.
std::string path(const std::vector<plot::Point>& points, bool sideways) {
  using plot::number;
  std::string text = "M" + number(points[0].x) + "," + number(points[0].y);
  for (size_t i = 1; i < points.size(); ++i) {
    const plot::Point &a = points[i - 1], &b = points[i];
    const plot::Point first = sideways ? plot::Point{(a.x + b.x) / 2, a.y} : plot::Point{a.x, (a.y + b.y) / 2};
    const plot::Point second = sideways ? plot::Point{(a.x + b.x) / 2, b.y} : plot::Point{b.x, (a.y + b.y) / 2};
    text += "C" + number(first.x) + "," + number(first.y) + " " + number(second.x) + "," + number(second.y) + " " +
            number(b.x) + "," + number(b.y);
  }
  return text;
}

}  // namespace

std::string model_to_dot(const Model& model, const PlotOptions& options) {
  const plot::LayerGraph graph = plot::layer_graph(model, options);
  std::string text = "digraph " + quoted({model.name()}) + " {\n  rankdir=" + options.rankdir +
                     ";\n  node [shape=box, fontname=\"Helvetica\"];\n";
  for (size_t i = 0; i < graph.boxes.size(); ++i)
    text += "  n" + std::to_string(i) + " [label=" + quoted(graph.boxes[i].lines) + "];\n";
  for (const auto& [from, to] : graph.arrows)
    text += "  n" + std::to_string(from) + " -> n" + std::to_string(to) + ";\n";
  return text + "}\n";
}

std::string model_to_svg(const Model& model, const PlotOptions& options) {
  using plot::escaped;
  using plot::number;
  const plot::LayerGraph graph = plot::layer_graph(model, options);
  const bool sideways = options.rankdir == "LR";
  std::vector<plot::Size> sizes;
  for (const auto& box : graph.boxes) {
    size_t longest = 0;
    for (const std::string& line : box.lines) longest = std::max(longest, columns(line));
    sizes.push_back({kCharacter * static_cast<double>(longest) + 2 * kPadding,
                     kLine * static_cast<double>(box.lines.size()) + kPadding});
  }
  const plot::Layout layout = plot::lay_out(graph, sizes, sideways);
  const std::string width = number(layout.size.width), height = number(layout.size.height);
  std::string svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height + "\" viewBox=\"0 0 " +
      width + " " + height +
      "\" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"13\" text-anchor=\"middle\">\n"
      "<title>" +
      escaped(model.name()) +
      "</title>\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
      "<marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" "
      "orient=\"auto\"><path d=\"M0,0L8,4L0,8z\" fill=\"#555\"/></marker>\n";
  for (const auto& points : layout.arrows)
    svg += "<path d=\"" + path(points, sideways) + "\" fill=\"none\" stroke=\"#555\" marker-end=\"url(#arrow)\"/>\n";
  for (size_t i = 0; i < graph.boxes.size(); ++i) {
    const plot::Point center = layout.centers[i];
    const plot::Size size = sizes[i];
    svg += "<rect x=\"" + number(center.x - size.width / 2) + "\" y=\"" + number(center.y - size.height / 2) +
           "\" width=\"" + number(size.width) + "\" height=\"" + number(size.height) +
           "\" rx=\"4\" fill=\"#eef3fa\" stroke=\"#4a6a94\"/>\n";
    double y = center.y - size.height / 2 + kPadding / 2 + 13;
    for (size_t line = 0; line < graph.boxes[i].lines.size(); ++line, y += kLine)
      svg += "<text x=\"" + number(center.x) + "\" y=\"" + number(y) + "\"" +
             (line == 0 ? " font-weight=\"bold\"" : " fill=\"#444\"") + ">" + escaped(graph.boxes[i].lines[line]) +
             "</text>\n";
  }
  return svg + "</svg>\n";
}

void plot_model(const Model& model, const std::string& path, const PlotOptions& options) {
  std::string text;
  if (path.ends_with(".dot"))
    text = model_to_dot(model, options);
  else if (path.ends_with(".svg"))
    text = model_to_svg(model, options);
  else
    throw ValueError("plot_model: the path must end with .svg or .dot. Received: path=" + path);
  AtomicFile file(path);
  file.write(text);
  file.commit();
}

}  // namespace hornbeam
