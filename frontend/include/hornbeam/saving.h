// Model files. A file is data: loading one opens that file and no other, runs nothing from it, makes only classes of
// the registry, and takes no more memory than the stored bytes fill.
#pragma once

#include <string>

#include <hornbeam/model.h>

namespace hornbeam {

struct LoadOptions {
  bool compile = true;  // with the optimizer (its state included), losses and metrics that the file names, if it does
};

// The model of a .keras file, as Keras 3 writes them, built and with its weights. Throws
//   IOError              if the file cannot be read, is damaged, or holds what is no data (a Lambda layer);
//   NotImplementedError  if it needs a class that Hornbeam does not have, which it names.
// Layers of your own have to be registered before (hornbeam::register_layer).
Model load_model(const std::string& path, const LoadOptions& options = {});

}  // namespace hornbeam
