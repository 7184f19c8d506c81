#include "frontend/src/layers/encode.h"

#include <algorithm>

#include <hornbeam/ops.h>

namespace hornbeam::layers {

void check_output_mode(const char* class_name, const std::string& output_mode, const std::vector<std::string>& modes) {
  if (std::find(modes.begin(), modes.end(), output_mode) != modes.end()) return;
  std::string known;
  for (const std::string& mode : modes) known += (known.empty() ? "\"" : ", \"") + mode + "\"";
  throw ValueError(std::string("[") + class_name + "] The `output_mode` argument must be one of " + known +
                   ". Received: output_mode=" + output_mode);
}

Tensor encode(const Tensor& x, const std::string& output_mode, int64_t depth, DType dtype, const Tensor& weights) {
  if (output_mode == "int") return ops::cast(x, dtype);
  Tensor in = x.rank() == 0 ? ops::expand_dims(x, 0) : x;
  if (output_mode == "one_hot") {
    if (in.rank() > 1 && in.shape()[-1] == 1) in = ops::squeeze(in, -1);
    return ops::one_hot(in, depth, -1, dtype);
  }
  const int64_t axis = in.rank() > 1 ? 1 : 0;
  Tensor hot = ops::one_hot(in, depth, -1, dtype);
  if (output_mode == "multi_hot") return ops::max(hot, axis);
  if (weights) hot = hot * ops::expand_dims(ops::cast(weights, dtype), -1);
  return ops::sum(hot, axis);
}

}  // namespace hornbeam::layers
