#include "frontend/src/layers/windows.h"

#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/shape.h>

namespace hornbeam::layers {

Tensor add_channel_bias(const Tensor& y, const Tensor& bias, const std::string& data_format) {
  if (!channels_first(data_format)) return y + bias;
  Shape along(std::vector<int64_t>(static_cast<size_t>(y.rank()), 1));
  along[1] = bias.shape()[0];
  return y + ops::reshape(bias, along);
}

}  // namespace hornbeam::layers
