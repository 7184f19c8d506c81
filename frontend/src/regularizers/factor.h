// The check of every regularizer's factors.
#pragma once

#include <hornbeam/base/error.h>

#include <cmath>
#include <string>

namespace hornbeam::regularizers {

// Throws ValueError unless the factor is finite and not negative.
inline void check_factor(const char* regularizer, const char* argument, double value) {
  if (!std::isfinite(value) || value < 0)
    throw ValueError("[" + std::string(regularizer) + "] `" + argument +
                     "` must be a non-negative float. Received: " + argument + "=" + std::to_string(value));
}

}  // namespace hornbeam::regularizers
