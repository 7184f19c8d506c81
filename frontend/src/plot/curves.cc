// The curves of a training as an SVG picture.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include <hornbeam/plot.h>

#include "frontend/src/plot/svg.h"

namespace hornbeam {
namespace {

using plot::escaped;
using plot::number;

constexpr double kWidth = 420, kHeight = 280;                       // of a panel
constexpr double kLeft = 62, kRight = 16, kTop = 34, kBottom = 40;  // of its margins
constexpr const char* kTraining = "#1f5fa8";
constexpr const char* kValidation = "#d1622b";

// The next 1, 2 or 5 times a power of ten.
double round_step(double least) {
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (double factor : {1.0, 2.0, 5.0})
    if (factor * power >= least * (1 - 1e-9)) return factor * power;
  return 10 * power;
}

std::string label(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

class Panel {
 public:
  Panel(const std::vector<int64_t>& epochs, double x, double y) : epochs_(epochs), x_(x), y_(y) {}

  void include(const std::vector<double>& values) {
    for (double value : values)
      if (std::isfinite(value)) {
        low_ = std::min(low_, value);
        high_ = std::max(high_, value);
      }
  }

  std::string axes(const std::string& title) {
    if (low_ > high_) low_ = 0, high_ = 1;
    if (high_ - low_ < 1e-12 * std::max(1.0, std::abs(high_))) {
      const double around = std::max(std::abs(high_) * 0.1, 1e-6);
      low_ -= around;
      high_ += around;
    }
    const double step = round_step((high_ - low_) / 5);
    low_ = std::floor(low_ / step + 1e-9) * step;
    high_ = std::ceil(high_ / step - 1e-9) * step;
    std::string svg = "<text x=\"" + number(x_ + kWidth / 2) + "\" y=\"" + number(y_ + 20) +
                      "\" font-weight=\"bold\" text-anchor=\"middle\">" + escaped(title) + "</text>\n";
    for (int i = 0; low_ + i * step <= high_ + step / 2; ++i) {
      const double value = low_ + i * step;
      svg += "<path d=\"M" + number(left()) + "," + number(to_y(value)) + "H" + number(right()) +
             "\" stroke=\"#ddd\"/><text x=\"" + number(left() - 6) + "\" y=\"" + number(to_y(value) + 4) +
             "\" text-anchor=\"end\">" + label(std::abs(value) < step / 1000 ? 0 : value) + "</text>\n";
    }
    const double epochs = static_cast<double>(epochs_.size());
    const auto every = static_cast<size_t>(std::max(1.0, round_step(epochs / 8)));
    for (size_t i = 0; i < epochs_.size(); i += every)
      svg += "<text x=\"" + number(to_x(i)) + "\" y=\"" + number(bottom() + 16) + "\" text-anchor=\"middle\">" +
             std::to_string(epochs_[i] + 1) + "</text>\n";
    return svg + "<text x=\"" + number((left() + right()) / 2) + "\" y=\"" + number(bottom() + 32) +
           "\" text-anchor=\"middle\">epoch</text>\n";
  }

  // Values of the last epochs, where there are fewer than epochs (validation that is not run each time).
  std::string curve(const std::vector<double>& values, const char* color) const {
    std::string path, dots;
    bool pen_down = false;
    const size_t stride = values.empty() ? 1 : std::max<size_t>(1, epochs_.size() / values.size());
    for (size_t i = 0; i < values.size(); ++i) {
      if (!std::isfinite(values[i])) {
        pen_down = false;
        continue;
      }
      const std::string x = number(to_x(std::min((i + 1) * stride, epochs_.size()) - 1)), y = number(to_y(values[i]));
      path += (pen_down ? "L" : "M") + x + "," + y;
      pen_down = true;
      dots += "<circle cx=\"" + x + "\" cy=\"" + y + "\" r=\"2.5\" fill=\"" + color + "\"/>";
    }
    return "<path d=\"" + path + "\" fill=\"none\" stroke=\"" + color + "\" stroke-width=\"1.8\"/>" + dots + "\n";
  }

  double left() const { return x_ + kLeft; }
  double right() const { return x_ + kWidth - kRight; }
  double bottom() const { return y_ + kHeight - kBottom; }

 private:
  double to_x(size_t i) const {
    if (epochs_.size() < 2) return (left() + right()) / 2;
    return left() + (right() - left()) * static_cast<double>(i) / static_cast<double>(epochs_.size() - 1);
  }
  double to_y(double value) const { return bottom() - (bottom() - y_ - kTop) * (value - low_) / (high_ - low_); }

  const std::vector<int64_t>& epochs_;
  double x_, y_;
  double low_ = std::numeric_limits<double>::infinity(), high_ = -std::numeric_limits<double>::infinity();
};

}  // namespace

std::string history_to_svg(const History& history) {
  struct Metric {
    std::string name;
    const std::vector<double>*training = nullptr, *validation = nullptr;
  };
  std::vector<Metric> metrics;
  for (const auto& [name, values] : history.history) {
    const bool is_validation = name.starts_with("val_");
    const std::string plain = is_validation ? name.substr(4) : name;
    auto at = std::find_if(metrics.begin(), metrics.end(), [&](const Metric& m) { return m.name == plain; });
    if (at == metrics.end()) at = metrics.insert(at, {plain});
    (is_validation ? at->validation : at->training) = &values;
  }
  // The loss first, the others as they come.
  if (auto loss = std::find_if(metrics.begin(), metrics.end(), [](const Metric& m) { return m.name == "loss"; });
      loss != metrics.end())
    std::rotate(metrics.begin(), loss, loss + 1);
  const size_t columns = std::min<size_t>(2, std::max<size_t>(1, metrics.size()));
  const size_t rows = std::max<size_t>(1, (metrics.size() + columns - 1) / columns);
  const std::string width = number(kWidth * static_cast<double>(columns));
  const std::string height = number(kHeight * static_cast<double>(rows) + 26);
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height +
                    "\" viewBox=\"0 0 " + width + " " + height +
                    "\" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"12\">\n"
                    "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n";
  for (size_t i = 0; i < metrics.size(); ++i) {
    Panel panel(history.epoch, kWidth * static_cast<double>(i % columns), kHeight * static_cast<double>(i / columns));
    if (metrics[i].training) panel.include(*metrics[i].training);
    if (metrics[i].validation) panel.include(*metrics[i].validation);
    svg += panel.axes(metrics[i].name);
    if (metrics[i].training) svg += panel.curve(*metrics[i].training, kTraining);
    if (metrics[i].validation) svg += panel.curve(*metrics[i].validation, kValidation);
  }
  const std::string y = number(kHeight * static_cast<double>(rows) + 12);
  svg += "<text x=\"62\" y=\"" + y + "\" fill=\"" + kTraining + "\">training</text><text x=\"130\" y=\"" + y +
         "\" fill=\"" + kValidation + "\">validation</text>\n";
  return svg + "</svg>\n";
}

}  // namespace hornbeam
