// Checks of the options that fit, evaluate and predict share.
#pragma once

#include <cstdint>
#include <optional>

#include <hornbeam/model.h>

namespace hornbeam {

// The batch size that was given, or Keras' 32.
int64_t checked_batch_size(const char* job, const std::optional<int64_t>& given);

void check_positive(const char* job, const char* name, const std::optional<int64_t>& value);

// A dataset has its own batches; options that would make others are mistakes.
void refuse_with_dataset(const char* job, const char* option, bool given, const char* instead);
void check_infinite(const char* job, const char* option, const Dataset& dataset, const std::optional<int64_t>& steps);

// Not more than config::max_epochs() and config::max_steps_per_epoch() allow; a warning says if it is less than was asked.
int64_t capped_epochs(int64_t epochs);
std::optional<int64_t> capped_steps(const std::optional<int64_t>& steps, const std::optional<int64_t>& num_batches);

const CompileOptions& require_compiled(const Model& model, const char* job);

}  // namespace hornbeam
