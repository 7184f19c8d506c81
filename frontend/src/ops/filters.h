// The filters that images are resampled with.
#pragma once

#include <string>
#include <vector>

#include <cstdint>

namespace hornbeam::ops {

enum class Filter : uint8_t { linear, cubic, lanczos3, lanczos5 };

// By Keras' names ("bilinear", "bicubic", …). Throws ValueError.
Filter filter_named(const std::string& interpolation);

// What input pixel i (of n) adds to output pixel j (of size), at i * size + j: the filter around the place of j's
// center in the input, normalized to a sum of 1. Output = scale * input + translation. Outputs whose center lies
// outside of the input are 0.
std::vector<double> filter_weights(Filter filter, int64_t n, int64_t size, double scale, double translation,
                                   bool antialias);

}  // namespace hornbeam::ops
