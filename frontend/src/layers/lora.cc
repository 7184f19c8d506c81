#include "frontend/src/layers/lora.h"

#include <cmath>

#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/nn.h>

namespace hornbeam::layers {

void check_lora(const std::string& class_name, const std::optional<int64_t>& rank, const Constraint& constraint) {
  if (!rank) return;
  if (*rank <= 0)
    throw ValueError("[" + class_name + "] lora_rank must be positive. Received: lora_rank=" + std::to_string(*rank));
  if (constraint)
    throw ValueError("[" + class_name +
                     "] Lora is incompatible with kernel constraints. Remove the `kernel_constraint` argument.");
}

Tensor lora_sum(const Tensor& weight, const Tensor& a, const Tensor& b, int64_t rank,
                const std::optional<double>& alpha) {
  double scale = alpha.value_or(static_cast<double>(rank)) / static_cast<double>(rank);
  return weight + ops::cast(scale * ops::matmul(a, b), weight.dtype());
}

void add_lora(Config& config, const std::optional<int64_t>& rank, const std::optional<double>& alpha) {
  if (!rank) return;
  config["lora_rank"] = rank;
  // An integer where it is one, as Keras writes it.
  double value = alpha.value_or(static_cast<double>(*rank));
  config["lora_alpha"] = value == std::floor(value) ? Config(static_cast<int64_t>(value)) : Config(value);
}

}  // namespace hornbeam::layers
