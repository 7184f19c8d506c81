// What a model is trained or evaluated with: the compile config of its file, changed by options.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <hornbeam/model.h>

namespace hornbeam::cli {

struct CompileOverrides {
  std::string optimizer, loss;  // a Keras name or a config as JSON; empty: the file's
  std::optional<double> learning_rate;
  std::optional<std::vector<std::string>> metrics;
};

// The options of the model's file with the overrides. The optimizer, if it is not overridden, is the file's with its
// state. Throws ValueError for names that do not exist, and if neither the file nor an option names a loss.
CompileOptions compile_options(const Model& model, const std::string& path, const CompileOverrides& overrides);

}  // namespace hornbeam::cli
