// Padding with elements of the tensor itself.
#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/shape.h>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops {
namespace {

using List = std::vector<int64_t>;

// Which element of an axis of size n stands at `place`, which may lie outside of [0, n).
int64_t element_at(int64_t place, int64_t n, const std::string& mode) {
  auto modulo = [](int64_t a, int64_t b) { return (a % b + b) % b; };
  if (mode == "edge") return std::clamp<int64_t>(place, 0, n - 1);
  if (mode == "wrap") return modulo(place, n);
  if (mode == "symmetric") {
    int64_t at = modulo(place, 2 * n);
    return at < n ? at : 2 * n - 1 - at;
  }
  if (n == 1) return 0;
  int64_t at = modulo(place, 2 * n - 2);
  return at < n ? at : 2 * n - 2 - at;
}

// The elements at `places`, as slices of places that run up, down, or stay.
Tensor gather_runs(const Tensor& x, int64_t axis, const List& places) {
  std::vector<Tensor> runs;
  for (size_t i = 0; i < places.size();) {
    size_t j = i + 1;
    int64_t step = j < places.size() ? places[j] - places[i] : 1;
    if (step < -1 || step > 1) step = 1;
    while (j < places.size() && places[j] - places[j - 1] == step) ++j;
    int64_t count = static_cast<int64_t>(j - i);
    if (step == 0) {
      Shape wide = x.shape();
      wide[axis] = count;
      runs.push_back(to_shape(part(x, axis, places[i], places[i] + 1), wide));
    } else if (step == 1) {
      runs.push_back(part(x, axis, places[i], places[j - 1] + 1));
    } else {
      runs.push_back(flip(part(x, axis, places[j - 1], places[i] + 1), axis));
    }
    i = j;
  }
  return runs.size() == 1 ? runs[0] : concatenate(runs, axis);
}

}  // namespace

Tensor pad(const Tensor& x, std::vector<std::pair<int64_t, int64_t>> pad_width, const std::string& mode,
           const Tensor& constant_values) {
  if (mode == "constant") return pad(x, std::move(pad_width), constant_values);
  if (mode != "reflect" && mode != "symmetric" && mode != "edge" && mode != "wrap")
    throw ValueError(
        "[pad] mode must be one of \"constant\", \"reflect\", \"symmetric\", \"edge\", \"wrap\". Received: mode=" +
        mode);
  Config widths = Config::array();
  for (auto [low, high] : pad_width) widths.push_back(Config::array({low, high}));
  return composed_unary(
      "Pad", x,
      [=](const Tensor& x) {
        if (static_cast<int64_t>(pad_width.size()) != x.rank())
          throw ValueError("[pad] pad_width must have one pair for each of the " + std::to_string(x.rank()) +
                           " axes. Received: " + std::to_string(pad_width.size()));
        Tensor y = x;
        for (int64_t axis = 0; axis < x.rank(); ++axis) {
          auto [low, high] = pad_width[axis];
          int64_t n = x.shape()[axis];
          if (low < 0 || high < 0)
            throw ValueError("[pad] Widths must not be negative. Received: (" + std::to_string(low) + ", " +
                             std::to_string(high) + ")");
          if (low == 0 && high == 0) continue;
          if (n == 0)
            throw ValueError("[pad] An empty axis has nothing to pad with. Received: x.shape=" + x.shape().to_string());
          List places;
          for (int64_t place = -low; place < n + high; ++place) places.push_back(element_at(place, n, mode));
          y = gather_runs(y, axis, places);
        }
        return trace::Trace::current()->lift(y);
      },
      Config::object({{"pad_width", widths}, {"mode", mode}}));
}

Tensor pad(const Tensor& x, int64_t pad_width, const std::string& mode, const Tensor& constant_values) {
  return pad(x, std::vector<std::pair<int64_t, int64_t>>(x.rank(), {pad_width, pad_width}), mode, constant_values);
}

}  // namespace hornbeam::ops
