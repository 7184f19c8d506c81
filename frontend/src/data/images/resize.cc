#include "frontend/src/data/images/resize.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <vector>

namespace hornbeam::data {
namespace {

// Keys' cubic convolution (a = -1/2), and Mitchell and Netravali's filter with B = C = 1/3.
float keys(float x) {
  if (x >= 2) return 0;
  return x >= 1 ? ((-0.5f * x + 2.5f) * x - 4) * x + 2 : (1.5f * x - 2.5f) * x * x + 1;
}
float mitchell(float x) {
  if (x >= 2) return 0;
  return x >= 1 ? (((-7.0f * x + 36) * x - 60) * x + 32) / 18 : ((21.0f * x - 36) * x * x + 16) / 18;
}
float lanczos(float x, float radius) {
  constexpr float kPi = 3.14159265358979f;
  if (x >= radius) return 0;
  if (x <= 1e-3f) return 1;
  return radius * std::sin(kPi * x) * std::sin(kPi * x / radius) / (kPi * kPi * x * x);
}

struct Taps {
  int64_t first = 0;
  std::vector<float> weights;
};

// For each new place along an axis: which old ones it is a mean of.
std::vector<Taps> taps_of(int64_t from, int64_t to, const std::string& name) {
  const double scale = static_cast<double>(from) / static_cast<double>(to);
  std::vector<Taps> all(static_cast<size_t>(to));
  float radius = name == "bilinear" ? 1 : name == "bicubic" || name == "mitchellcubic" ? 2 : name == "lanczos3" ? 3
                 : name == "lanczos5" ? 5 : 1.5f;
  auto kernel = [&](float x) {
    if (name == "bilinear") return std::max(0.0f, 1 - x);
    if (name == "bicubic") return keys(x);
    if (name == "mitchellcubic") return mitchell(x);
    if (name == "gaussian") return x >= 1.5f ? 0.0f : std::exp(-x * x / (2 * 0.5f * 0.5f));
    return lanczos(x, radius);
  };
  for (int64_t i = 0; i < to; ++i) {
    Taps& taps = all[static_cast<size_t>(i)];
    const double center = (static_cast<double>(i) + 0.5) * scale;
    if (name == "nearest") {
      taps = {std::min(static_cast<int64_t>(std::floor(center)), from - 1), {1}};
      continue;
    }
    if (name == "area") {
      const double low = static_cast<double>(i) * scale, high = static_cast<double>(i + 1) * scale;
      taps.first = static_cast<int64_t>(std::floor(low));
      for (int64_t at = taps.first; at < from && static_cast<double>(at) < high; ++at)
        taps.weights.push_back(static_cast<float>(std::min<double>(high, static_cast<double>(at + 1)) -
                                                  std::max<double>(low, static_cast<double>(at))));
    } else {
      const int64_t low = static_cast<int64_t>(std::ceil(center - radius - 0.5)),
                    high = static_cast<int64_t>(std::floor(center + radius - 0.5));
      taps.first = std::clamp<int64_t>(low, 0, from - 1);
      for (int64_t at = taps.first; at <= std::min(high, from - 1); ++at)
        taps.weights.push_back(kernel(static_cast<float>(std::abs(static_cast<double>(at) + 0.5 - center))));
    }
    float sum = 0;
    for (float weight : taps.weights) sum += weight;
    if (std::abs(sum) < 1e-9f) taps.weights = {1}, sum = 1;
    for (float& weight : taps.weights) weight /= sum;
  }
  return all;
}

Array cropped(const Array& image, int64_t top, int64_t left, int64_t height, int64_t width) {
  const int64_t channels = image.shape()[2];
  Array out(image.dtype(), {height, width, channels});
  const size_t pixel = static_cast<size_t>(channels) * size_of(image.dtype());
  for (int64_t y = 0; y < height; ++y)
    std::memcpy(static_cast<char*>(out.mutable_data()) + static_cast<size_t>(y * width) * pixel,
                static_cast<const char*>(image.data()) + static_cast<size_t>((y + top) * image.shape()[1] + left) * pixel,
                static_cast<size_t>(width) * pixel);
  return out;
}

const std::vector<std::string> kNames = {"bilinear", "nearest",  "bicubic",  "area",
                                         "lanczos3", "lanczos5", "gaussian", "mitchellcubic"};

}  // namespace

void check_interpolation(const std::string& function, const std::string& name) {
  if (std::find(kNames.begin(), kNames.end(), name) != kNames.end()) return;
  std::string list;
  for (const std::string& known : kNames) list += (list.empty() ? "" : ", ") + known;
  throw ValueError(function + ": argument `interpolation` should be one of " + list + ". Received: interpolation=" + name);
}

Array resize(const Array& image, int64_t height, int64_t width, const std::string& interpolation) {
  const int64_t h = image.shape()[0], w = image.shape()[1], c = image.shape()[2];
  const Array source = image.dtype() == DType::float32 ? image : image.cast(DType::float32);
  if (h == height && w == width) return source;
  const std::vector<Taps> rows = taps_of(h, height, interpolation), columns = taps_of(w, width, interpolation);
  Array out(DType::float32, {height, width, c});
  const float* from = static_cast<const float*>(source.data());
  float* to = static_cast<float*>(out.mutable_data());
  std::vector<float> line(static_cast<size_t>(w * c));
  for (const Taps& row : rows) {
    std::fill(line.begin(), line.end(), 0.0f);
    for (size_t k = 0; k < row.weights.size(); ++k) {
      const float* old = from + (row.first + static_cast<int64_t>(k)) * w * c;
      for (size_t i = 0; i < line.size(); ++i) line[i] += row.weights[k] * old[i];
    }
    for (const Taps& column : columns) {
      for (int64_t channel = 0; channel < c; ++channel) {
        float sum = 0;
        const float* at = line.data() + column.first * c + channel;
        for (float weight : column.weights) {
          sum += weight * *at;
          at += c;
        }
        *to++ = sum;
      }
    }
  }
  return out;
}

Array resize_cropped(const Array& image, int64_t height, int64_t width, const std::string& interpolation) {
  const int64_t h = image.shape()[0], w = image.shape()[1];
  const int64_t crop_h = std::max<int64_t>(std::min(h, w * height / width), 1);
  const int64_t crop_w = std::max<int64_t>(std::min(w, h * width / height), 1);
  return resize(cropped(image, (h - crop_h) / 2, (w - crop_w) / 2, crop_h, crop_w), height, width, interpolation);
}

Array resize_padded(const Array& image, int64_t height, int64_t width, const std::string& interpolation) {
  const double h = static_cast<double>(image.shape()[0]), w = static_cast<double>(image.shape()[1]);
  const double ratio = std::max(w / static_cast<double>(width), h / static_cast<double>(height));
  const double wide = w / ratio, high = h / ratio;
  const int64_t new_h = std::max<int64_t>(static_cast<int64_t>(high), 1),
                new_w = std::max<int64_t>(static_cast<int64_t>(wide), 1);
  const Array small = resize(image, new_h, new_w, interpolation);
  const auto top = static_cast<int64_t>(std::max(0.0, std::floor((static_cast<double>(height) - high) / 2)));
  const auto left = static_cast<int64_t>(std::max(0.0, std::floor((static_cast<double>(width) - wide) / 2)));
  const int64_t c = image.shape()[2];
  Array out(DType::float32, {height, width, c});
  for (int64_t y = 0; y < new_h; ++y)
    std::memcpy(static_cast<float*>(out.mutable_data()) + ((y + top) * width + left) * c,
                static_cast<const float*>(small.data()) + y * new_w * c, static_cast<size_t>(new_w * c) * sizeof(float));
  return out;
}

}  // namespace hornbeam::data
