// The interpolations of images.
#pragma once

#include <algorithm>
#include <array>
#include <string>

#include <hornbeam/base/error.h>

namespace hornbeam::layers {

inline void check_interpolation(const std::string& class_name, const std::string& interpolation) {
  constexpr std::array kKnown = {"nearest", "bilinear", "bicubic", "area", "lanczos3", "lanczos5"};
  if (std::find(kKnown.begin(), kKnown.end(), interpolation) != kKnown.end()) return;
  std::string known;
  for (const char* name : kKnown) known += (known.empty() ? "\"" : ", \"") + std::string(name) + "\"";
  throw ValueError("[" + class_name + "] The `interpolation` argument must be one of " + known +
                   ". Received: interpolation=" + interpolation);
}

}  // namespace hornbeam::layers
