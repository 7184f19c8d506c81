// Compiles MLIR text and calls its entries, without the runtime.
#pragma once

#include <string>
#include <vector>

#include <hornbeam/runtime/program.h>

#include "codegen/compile_text.h"

namespace hornbeam::test {

// An image that is mapped into the process for as long as this lives.
class LoadedImage {
 public:
  explicit LoadedImage(const std::string& image);
  ~LoadedImage();
  LoadedImage(LoadedImage&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  HornbeamEntry entry(const std::string& symbol) const;  // fails the test if there is none

 private:
  void* handle_ = nullptr;
};

// The entry "run" of a module whose function @run takes `inputs` data inputs and `outputs` outputs.
codegen::TextEntry run_entry(int inputs, int outputs);

// Compiles a module with run_entry. Its text may say %HEAD for the arguments before the data inputs and %TAIL for those
// after the outputs, by the names of passes/pipelines.h.
absl::StatusOr<runtime::Program> compile_run(std::string mlir, int inputs, int outputs,
                                             const codegen::CompileOptions& options = {});

// Compiles, loads and calls it once with these data inputs and outputs.
void compile_and_call(const std::string& mlir, const std::vector<void*>& inputs, const std::vector<void*>& outputs);

}  // namespace hornbeam::test
