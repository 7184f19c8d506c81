#include "frontend/src/model/loop_options.h"

#include <unistd.h>

#include <cstdio>
#include <string>

#include <hornbeam/settings.h>

namespace hornbeam {
namespace {

constexpr int64_t kDefaultBatchSize = 32;

}  // namespace

int64_t checked_batch_size(const char* job, const std::optional<int64_t>& given) {
  int64_t size = given.value_or(kDefaultBatchSize);
  if (size <= 0)
    throw ValueError(std::string(job) +
                     ": `batch_size` must be positive. Received: batch_size=" + std::to_string(size));
  return size;
}

void check_positive(const char* job, const char* name, const std::optional<int64_t>& value) {
  if (value && *value <= 0)
    throw ValueError(std::string(job) + ": `" + name + "` must be positive. Received: " + name + "=" +
                     std::to_string(*value));
}

void refuse_with_dataset(const char* job, const char* option, bool given, const char* instead) {
  if (given)
    throw ValueError(std::string(job) + ": `" + option + "` must not be given with a Dataset. " + instead);
}
void check_infinite(const char* job, const char* option, const Dataset& dataset, const std::optional<int64_t>& steps) {
  if (dataset.cardinality() == Dataset::kInfinite && !steps && !config::max_steps_per_epoch())
    throw ValueError(std::string(job) + ": the dataset is infinite. Give `" + option + "`, or end it with take().");
}

int64_t capped_epochs(int64_t epochs) {
  std::optional<int64_t> most = config::max_epochs();
  if (!most || *most >= epochs) return epochs;
  std::fprintf(stderr, "warning: Limiting epochs to %lld\n", static_cast<long long>(*most));
  return *most;
}

std::optional<int64_t> capped_steps(const std::optional<int64_t>& steps, const std::optional<int64_t>& num_batches) {
  std::optional<int64_t> most = config::max_steps_per_epoch(), without = steps ? steps : num_batches;
  if (!most || (without && *most >= *without)) return steps;
  std::fprintf(stderr, "warning: Limiting steps_per_epoch to %lld\n", static_cast<long long>(*most));
  return most;
}

const CompileOptions& require_compiled(const Model& model, const char* job) {
  if (!model.compiled())
    throw ValueError("You must call `compile()` before using the model '" + model.name() + "' with " + job + "().");
  return model.compile_options();
}

Verbose::Verbose(const char* text) {
  if (std::string(text) != "auto")
    throw ValueError(std::string("`verbose` must be 0, 1, 2 or \"auto\". Received: ") + text);
}

int Verbose::level() const {
  if (level_ >= 0) return level_;
  return config::is_interactive_logging_enabled() && isatty(STDOUT_FILENO) ? 1 : 2;
}

int64_t StepsPerExecution::checked(int64_t steps) {
  if (steps <= 0)
    throw ValueError("`steps_per_execution` must be positive. Received: steps_per_execution=" + std::to_string(steps));
  return steps;
}

StepsPerExecution::StepsPerExecution(const char* text) : steps_(0) {
  if (std::string(text) != "auto")
    throw ValueError(std::string("`steps_per_execution` must be a positive number or \"auto\". Received: ") + text);
}

}  // namespace hornbeam
