// What losses' sources share: the options that every loss has, an axis option, and Keras' epsilon.
#pragma once

#include <hornbeam/loss.h>
#include <hornbeam/ops/axes.h>

#include <vector>

namespace hornbeam::losses {

// keras.config.epsilon(): what keeps logarithms and quotients finite.

template <class Options>
void read_common(const Config& config, Options& options) {
  config.read("reduction", options.reduction);
  config.read("name", options.name);
  config.read("dtype", options.dtype);
}

// None, one axis, or a list of axes; as Keras writes it, and back.
inline Config axes_config(const Axes& axes) {
  if (axes.all()) return {};
  return axes.given().size() == 1 ? Config(axes.given()[0]) : Config(axes.given());
}
inline void read_axes(const Config& config, const char* name, Axes& axes) {
  const Config* value = config.find(name);
  if (!value || value->is_null()) return;
  if (!value->is_array()) {
    axes = Axes(value->as_int());
    return;
  }
  std::vector<int64_t> given;
  value->to(given);
  axes = Axes(std::move(given));
}

}  // namespace hornbeam::losses
