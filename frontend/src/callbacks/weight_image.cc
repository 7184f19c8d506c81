// Brings a weight to [pictures, height, width, channels] by strides.
#include "frontend/src/callbacks/weight_image.h"

#include <algorithm>
#include <array>

#include "frontend/src/data/images/decode.h"

namespace hornbeam::callbacks {
namespace {

constexpr int64_t kMostPictures = 3;  // as summary.image

struct Axis {
  int64_t size, stride;
};

}  // namespace

WeightImages weight_images(const Array& weight) {
  std::vector<Axis> axes;  // those that are not 1
  int64_t stride = 1;
  for (int64_t i = weight.shape().rank(); i-- > 0; stride *= weight.shape()[i])
    if (weight.shape()[i] != 1) axes.insert(axes.begin(), {weight.shape()[i], stride});
  const Axis one{1, 0};
  std::array<Axis, 4> picture{one, one, one, one};  // pictures, height, width, channels
  if (axes.size() == 1) {
    picture[2] = axes[0];
  } else if (axes.size() == 2) {
    if (axes[0].size > axes[1].size) std::swap(axes[0], axes[1]);
    picture[1] = axes[0];
    picture[2] = axes[1];
  } else if (axes.size() == 3) {
    picture = {axes[2], axes[0], axes[1], one};
  } else if (axes.size() == 4 && (axes[3].size == 3 || axes[3].size == 4)) {
    picture = {axes[0], axes[1], axes[2], axes[3]};
  } else {
    return {};
  }
  if (weight.num_elements() == 0) return {};
  const auto [pictures, height, width, channels] = picture;
  WeightImages result{width.size, height.size, {}};
  for (int64_t p = 0; p < std::min(pictures.size, kMostPictures); ++p) {
    Array image(DType::uint8, {height.size, width.size, channels.size});
    uint8_t* at = image.mutable_as<uint8_t>().data();
    for (int64_t y = 0; y < height.size; ++y)
      for (int64_t x = 0; x < width.size; ++x)
        for (int64_t c = 0; c < channels.size; ++c) {
          double value =
              weight.get(p * pictures.stride + y * height.stride + x * width.stride + c * channels.stride);
          *at++ = value > 0 ? static_cast<uint8_t>(std::min(value, 1.0) * 255.5) : 0;  // NaN is 0
        }
    result.pngs.push_back(data::encode_png(image));
  }
  return result;
}

}  // namespace hornbeam::callbacks
