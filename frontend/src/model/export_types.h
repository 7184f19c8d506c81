// The types of a batch that a model is exported for, where there are no data to tell them.
#pragma once

#include <string>
#include <vector>

#include <hornbeam/model.h>

#include "frontend/src/trace/jobs.h"

namespace hornbeam {

struct ExportTypes {
  BatchSpec batch;  // without targets unless asked for; of the compiled part, where strings come before it
  std::vector<std::string> input_names;
  std::vector<std::string> target_names;
  std::vector<std::string> sample_weight_names;
};

// Inputs as the model's Input layers say. Targets are of an output's shape and float32, or for a sparse crossentropy
// int32 labels without its last axis. Sample weights are float32, one for each sample. Throws ValueError if the model
// is not built, an axis but the batch is unknown, or it is to be trained and is not compiled; NotImplementedError for
// strings.
ExportTypes export_types(const Model& model, int64_t batch_size, bool with_targets, bool with_sample_weights = false);

}  // namespace hornbeam
