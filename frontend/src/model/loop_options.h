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

const CompileOptions& require_compiled(const Model& model, const char* job);

}  // namespace hornbeam
