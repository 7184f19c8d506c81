// Pictures of models and histories: what stands in them, and that nothing overlaps.
#include <hornbeam/plot.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/input.h>
#include <hornbeam/layers/concatenate.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/merging.h>
#include <hornbeam/random.h>
#include <hornbeam/sequential.h>

#include "frontend/src/plot/layout.h"
#include "test/support/temporary_folder.h"

namespace hornbeam {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

size_t count(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

// in → a → b → add → out, with an arrow from a to add over the row of b.
Model residual() {
  clear_session();
  const Tensor x = Input({.shape = {4}, .name = "in"});
  const Tensor a = layers::Dense({.units = 3, .name = "a"})(x);
  const Tensor b = layers::Dense({.units = 3, .name = "b<&>\"quoted\""})(a);
  const Tensor sum = layers::Add({.name = "sum"})({a, b});
  return Model(x, layers::Dense({.units = 1, .name = "out"})(sum), "residual");
}

TEST(ModelPlot, DotHasABoxALayerAndAnArrowATensor) {
  EXPECT_EQ(model_to_dot(residual()),
            "digraph \"residual\" {\n  rankdir=TB;\n  node [shape=box, fontname=\"Helvetica\"];\n"
            "  n0 [label=\"in (InputLayer)\\n(None, 4)\"];\n"
            "  n1 [label=\"a (Dense)\\n(None, 4) → (None, 3)\"];\n"
            "  n2 [label=\"b<&>\\\"quoted\\\" (Dense)\\n(None, 3) → (None, 3)\"];\n"
            "  n3 [label=\"sum (Add)\\n[(None, 3), (None, 3)] → (None, 3)\"];\n"
            "  n4 [label=\"out (Dense)\\n(None, 3) → (None, 1)\"];\n"
            "  n0 -> n1;\n  n1 -> n2;\n  n1 -> n3;\n  n2 -> n3;\n  n3 -> n4;\n}\n");
  EXPECT_THAT(model_to_dot(residual(), {.show_shapes = false, .show_layer_names = false, .rankdir = "LR"}),
              HasSubstr("rankdir=LR;\n  node [shape=box, fontname=\"Helvetica\"];\n  n0 [label=\"InputLayer\"];"));
}

TEST(ModelPlot, SvgHasTheSame) {
  const std::string svg = model_to_svg(residual());
  EXPECT_THAT(svg, testing::StartsWith("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  EXPECT_THAT(svg, testing::EndsWith("</svg>\n"));
  EXPECT_THAT(svg, HasSubstr(">b&lt;&amp;&gt;&quot;quoted&quot; (Dense)</text>"));
  EXPECT_EQ(count(svg, "marker-end"), 5u);
  EXPECT_EQ(count(svg, "rx=\"4\""), 5u);
  EXPECT_EQ(count(svg, "nan"), 0u);
}

TEST(ModelPlot, ASharedLayerIsOneBox) {
  clear_session();
  const Tensor x = Input({.shape = {4}, .name = "x"}), y = Input({.shape = {4}, .name = "y"});
  const layers::Dense shared({.units = 3, .name = "shared"});
  const Model model(Tensors({x, y}), layers::Concatenate({.name = "both"})({shared(x), shared(y)}));
  const std::string dot = model_to_dot(model);
  EXPECT_EQ(count(dot, "shared (Dense)"), 1u);
  EXPECT_EQ(count(dot, "->"), 3u);
}

TEST(ModelPlot, SaysWhatCannotBePlotted) {
  EXPECT_THROW(model_to_svg(Sequential({layers::Dense({.units = 1})})), ValueError);
  EXPECT_THROW(model_to_svg(residual(), {.rankdir = "BT"}), ValueError);
  EXPECT_THROW(plot_model(residual(), "model.gif"), ValueError);
  EXPECT_THROW(plot_model(residual(), "/no/such/folder/model.svg"), IOError);
}

TEST(ModelPlot, WritesFiles) {
  const test::TemporaryFolder folder;
  const std::string path = folder / "model.svg";
  plot_model(residual(), path);
  std::ifstream file(path);
  std::string first;
  std::getline(file, first);
  EXPECT_THAT(first, testing::StartsWith("<svg"));
}

plot::LayerGraph graph_of(size_t boxes, std::vector<std::pair<size_t, size_t>> arrows) {
  plot::LayerGraph graph;
  graph.boxes.resize(boxes);
  graph.arrows = std::move(arrows);
  return graph;
}

TEST(Layout, AChainIsStraight) {
  const plot::LayerGraph graph = graph_of(3, {{0, 1}, {1, 2}});
  const plot::Layout layout = plot::lay_out(graph, {{50, 20}, {100, 30}, {70, 20}}, false);
  EXPECT_NEAR(layout.centers[0].x, layout.centers[1].x, 1e-9);
  EXPECT_NEAR(layout.centers[1].x, layout.centers[2].x, 1e-9);
  EXPECT_LT(layout.centers[0].y, layout.centers[1].y);
  EXPECT_LT(layout.centers[1].y, layout.centers[2].y);
  EXPECT_LE(layout.centers[1].x + 50, layout.size.width);
}

// Random graphs: boxes do not overlap and lie in the picture, rows follow the arrows.
TEST(Layout, BoxesNeverOverlap) {
  uint32_t dice = 1;
  auto below = [&](uint32_t n) { return static_cast<size_t>((dice = dice * 1664525 + 1013904223) >> 8) % n; };
  for (int round = 0; round < 200; ++round) {
    const size_t boxes = 1 + below(30);
    std::vector<std::pair<size_t, size_t>> arrows;
    for (size_t to = 1; to < boxes; ++to)
      for (size_t i = 0; i <= below(3); ++i) arrows.emplace_back(below(static_cast<uint32_t>(to)), to);
    std::vector<plot::Size> sizes;
    for (size_t i = 0; i < boxes; ++i)
      sizes.push_back({20.0 + static_cast<double>(below(200)), 20.0 + static_cast<double>(below(30))});
    const bool sideways = round % 2 == 1;
    const plot::LayerGraph graph = graph_of(boxes, arrows);
    const plot::Layout layout = plot::lay_out(graph, sizes, sideways);
    for (size_t a = 0; a < boxes; ++a) {
      const plot::Point p = layout.centers[a];
      EXPECT_GE(p.x, sizes[a].width / 2);
      EXPECT_GE(p.y, sizes[a].height / 2);
      EXPECT_LE(p.x + sizes[a].width / 2, layout.size.width);
      EXPECT_LE(p.y + sizes[a].height / 2, layout.size.height);
      for (size_t b = 0; b < a; ++b) {
        const plot::Point q = layout.centers[b];
        EXPECT_TRUE(std::abs(p.x - q.x) >= (sizes[a].width + sizes[b].width) / 2 - 1e-6 ||
                    std::abs(p.y - q.y) >= (sizes[a].height + sizes[b].height) / 2 - 1e-6)
            << "boxes " << a << " and " << b << " of round " << round;
      }
    }
    for (const auto& [from, to] : arrows)
      EXPECT_LT(sideways ? layout.centers[from].x : layout.centers[from].y,
                sideways ? layout.centers[to].x : layout.centers[to].y);
  }
}

TEST(Curves, APanelAMetric) {
  History history;
  history.append(0, {{"accuracy", 0.5}, {"loss", 2.0}, {"val_accuracy", 0.4}, {"val_loss", 2.5}});
  history.append(1, {{"accuracy", 0.7}, {"loss", 1.0}, {"val_accuracy", 0.6}, {"val_loss", std::nan("")}});
  const std::string svg = history_to_svg(history);
  EXPECT_LT(svg.find(">loss</text>"), svg.find(">accuracy</text>"));
  EXPECT_EQ(count(svg, "<circle"), 7u);  // the value that is no number has none
  EXPECT_EQ(count(svg, ">epoch</text>"), 2u);
  EXPECT_EQ(count(svg, "nan"), 0u);
}

TEST(Curves, OddHistoriesAreDrawnToo) {
  for (const double value : {0.0, 1e-30, -5.0, 1e30, std::numeric_limits<double>::infinity()}) {
    History history;
    history.append(4, {{"loss", value}});
    const std::string svg = history_to_svg(history);
    EXPECT_EQ(count(svg, "nan"), 0u) << value;
    EXPECT_EQ(count(svg, "inf"), 0u) << value;
    EXPECT_THAT(svg, HasSubstr(">5</text>"));
  }
  EXPECT_THAT(history_to_svg({}), testing::EndsWith("</svg>\n"));
}

}  // namespace
}  // namespace hornbeam
