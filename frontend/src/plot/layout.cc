// The layered drawing of Sugiyama, Tagawa and Toda (1981): rank, order, place. Arrows over several rows get a point in
// each, which is moved about like a box.
#include "frontend/src/plot/layout.h"

#include <algorithm>
#include <map>
#include <utility>

namespace hornbeam::plot {
namespace {

constexpr double kGap = 24, kRowGap = 40, kMargin = 16, kPointWidth = 8;
constexpr int kSweeps = 8;

struct Item {
  size_t rank = 0;
  double width = kPointWidth;
  double at = 0;  // the center, across
  std::vector<size_t> above, below;
};

class Rows {
 public:
  Rows(const LayerGraph& graph, const std::vector<double>& widths) {
    items.resize(graph.boxes.size());
    for (size_t i = 0; i < items.size(); ++i) items[i].width = widths[i];
    // Boxes come in order of execution, but a shared layer may have an arrow back; it is drawn and does not count.
    for (const auto& [from, to] : graph.arrows)
      if (from < to) items[to].rank = std::max(items[to].rank, items[from].rank + 1);
    for (const auto& [from, to] : graph.arrows) {
      std::vector<size_t> chain = {from};
      if (from < to)
        for (size_t rank = items[from].rank + 1; rank < items[to].rank; ++rank) {
          items.push_back({.rank = rank});
          chain.push_back(items.size() - 1);
        }
      chain.push_back(to);
      if (from < to)
        for (size_t i = 0; i + 1 < chain.size(); ++i) {
          items[chain[i]].below.push_back(chain[i + 1]);
          items[chain[i + 1]].above.push_back(chain[i]);
        }
      chains.push_back(std::move(chain));
    }
    for (size_t i = 0; i < items.size(); ++i) {
      if (items[i].rank >= rows.size()) rows.resize(items[i].rank + 1);
      rows[items[i].rank].push_back(i);
    }
    order();
    place();
  }

  std::vector<Item> items;  // boxes first, then points of arrows
  std::vector<std::vector<size_t>> rows;
  std::vector<std::vector<size_t>> chains;  // of each arrow

 private:
  // Each row by the mean position of its neighbors in the row before, downwards and upwards in turn.
  void order() {
    for (auto& row : rows)
      for (size_t i = 0; i < row.size(); ++i) items[row[i]].at = static_cast<double>(i);
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
      const bool down = sweep % 2 == 0;
      for (size_t n = 0; n < rows.size(); ++n) {
        auto& row = rows[down ? n : rows.size() - 1 - n];
        std::map<size_t, std::pair<double, double>> wanted;  // where two want the same, they keep their order
        for (size_t item : row)
          wanted[item] = {mean(down ? items[item].above : items[item].below, items[item].at), items[item].at};
        std::sort(row.begin(), row.end(), [&](size_t a, size_t b) { return wanted[a] < wanted[b]; });
        for (size_t i = 0; i < row.size(); ++i) items[row[i]].at = static_cast<double>(i);
      }
    }
  }

  double mean(const std::vector<size_t>& neighbors, double otherwise) const {
    if (neighbors.empty()) return otherwise;
    double sum = 0;
    for (size_t neighbor : neighbors) sum += items[neighbor].at;
    return sum / static_cast<double>(neighbors.size());
  }

  double distance(size_t left, size_t right) const { return (items[left].width + items[right].width) / 2 + kGap; }

  // First side by side, then each row towards its neighbors as far as the order allows.
  void place() {
    for (auto& row : rows) {
      double x = 0;
      for (size_t i = 0; i < row.size(); ++i) items[row[i]].at = x += i ? distance(row[i - 1], row[i]) : 0;
      for (size_t item : row) items[item].at -= x / 2;
    }
    for (int sweep = 0; sweep < 2 * kSweeps; ++sweep) {
      const bool down = sweep % 2 == 0;
      for (size_t n = 0; n < rows.size(); ++n) settle(rows[down ? n : rows.size() - 1 - n], down);
    }
  }

  void settle(const std::vector<size_t>& row, bool down) {
    std::vector<double> wanted;
    for (size_t item : row) wanted.push_back(mean(down ? items[item].above : items[item].below, items[item].at));
    // Pushed right from the left end, and left from the right end; the mean of the two keeps all distances.
    std::vector<double> right = wanted, left = wanted;
    for (size_t i = 1; i < row.size(); ++i) right[i] = std::max(right[i], right[i - 1] + distance(row[i - 1], row[i]));
    for (size_t i = row.size() - 1; i-- > 0;) left[i] = std::min(left[i], left[i + 1] - distance(row[i], row[i + 1]));
    for (size_t i = 0; i < row.size(); ++i) items[row[i]].at = (left[i] + right[i]) / 2;
  }
};

}  // namespace

Layout lay_out(const LayerGraph& graph, const std::vector<Size>& sizes, bool sideways) {
  auto across = [&](const Size& size) { return sideways ? size.height : size.width; };
  auto along = [&](const Size& size) { return sideways ? size.width : size.height; };
  std::vector<double> widths;
  for (const Size& size : sizes) widths.push_back(across(size));
  const Rows rows(graph, widths);

  std::vector<double> centers;  // of the rows, along
  double end = kMargin;
  for (const auto& row : rows.rows) {
    double height = 0;
    for (size_t item : row)
      if (item < sizes.size()) height = std::max(height, along(sizes[item]));
    centers.push_back(end + height / 2);
    end += height + kRowGap;
  }
  double first = 0, last = 0;
  for (const Item& item : rows.items) {
    first = std::min(first, item.at - item.width / 2);
    last = std::max(last, item.at + item.width / 2);
  }
  auto point = [&](double at, double rank) {
    const double x = at - first + kMargin;
    return sideways ? Point{rank, x} : Point{x, rank};
  };
  Layout layout;
  for (size_t i = 0; i < sizes.size(); ++i)
    layout.centers.push_back(point(rows.items[i].at, centers[rows.items[i].rank]));
  for (const auto& chain : rows.chains) {
    std::vector<Point> points;
    for (size_t i = 0; i < chain.size(); ++i) {
      const Item& item = rows.items[chain[i]];
      double rank = centers[item.rank];
      if (i == 0) rank += along(sizes[chain[i]]) / 2;
      if (i + 1 == chain.size()) rank -= along(sizes[chain[i]]) / 2;
      points.push_back(point(item.at, rank));
    }
    layout.arrows.push_back(std::move(points));
  }
  const double width = last - first + 2 * kMargin, height = std::max(end - kRowGap, kMargin) + kMargin;
  layout.size = sideways ? Size{height, width} : Size{width, height};
  return layout;
}

}  // namespace hornbeam::plot
