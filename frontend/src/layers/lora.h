// Low-rank adaptation (Hu et al., "LoRA", 2021), as Dense, the convolutions and Embedding share it: the frozen weight
// plus alpha / rank * a · b. a and b are float32 whatever the policy, so that small updates are not lost.
#pragma once

#include <optional>
#include <string>

#include <hornbeam/constraint.h>
#include <hornbeam/tensor.h>

namespace hornbeam::layers {

void check_lora(const std::string& class_name, const std::optional<int64_t>& rank, const Constraint& constraint);
Tensor lora_sum(const Tensor& weight, const Tensor& a, const Tensor& b, int64_t rank,
                const std::optional<double>& alpha);
// "lora_rank" and "lora_alpha", if a rank is set.
void add_lora(Config& config, const std::optional<int64_t>& rank, const std::optional<double>& alpha);

}  // namespace hornbeam::layers
