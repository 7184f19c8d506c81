// What the support library knows of a model: the constant hb_model.
#pragma once

#include <string>
#include <vector>

#include <absl/status/status.h>
#include <hornbeam/runtime/program.h>
#include <llvm/IR/Module.h>

#include "codegen/compiler.h"
#include "passes/pipelines.h"

namespace hornbeam::codegen {

// The entries of one purpose in all variants; they differ in code, arena and threads alone.
struct EntryVariants {
  std::string name;
  std::vector<passes::LoweredEntry> lowered;
  std::vector<std::string> symbols;                    // of the entries' functions in the module
  std::vector<std::string> input_names, output_names;  // for users
};

struct Description {
  std::vector<runtime::StateVariable> state;          // laid out
  std::vector<int64_t> levels;                        // of each variant
  bool writes_weights = false;                        // predictions do
  EntryVariants predict, train, train_last, metrics;  // an empty name: not there
  int64_t num_targets = 0;                            // of a training step, between inputs and sample weights
};

// Bytes that an instance takes, alignment included.
int64_t instance_bytes(const Description& description);

// Defines hb_model in the module, which has the entries' functions. The initial state becomes constants.
absl::Status describe(llvm::Module& module, const Description& description, const BinaryOptions& options);

// A dtype as NumPy calls it.
std::string numpy_name(DType dtype);

}  // namespace hornbeam::codegen
