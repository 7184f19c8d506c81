// Models as binaries that need no Hornbeam: objects, libraries, executables and WebAssembly modules, with a C header.
// What they can do and how to use them: docs/how-to/compiled_models.md.
#pragma once

#include <string>
#include <vector>

#include <hornbeam/model.h>

namespace hornbeam {

struct ExportOptions {
  // To ship: "obj", "static-lib", "shared-lib" (each with a C header), "exe", "wasm" (with a header for reference) and
  // "package" (a Program for hornbeam::runtime, its weights beside it). To look at: "horn", "kernels", "llvm", "asm".
  std::string emit = "shared-lib";
  std::string function = "predict";  // or "train": training steps, the metrics, and prediction
  int64_t batch_size = 32;
  // For training. A weight for each sample, as fit's sample_weight: the data have an array more for each output.
  bool sample_weight = false;
  int64_t last_batch_size = 0;  // rows of a short last batch of an epoch, whose step comes along; 0: none
  std::string target = "";  // "x86_64-linux", "aarch64-linux", "wasm32"; "": this machine's, for "wasm" wasm32
  std::string cpu = "";     // "avx2", "avx512", "native", LLVM's names; "all": three x86-64 codes in one, chosen when
                            // an instance is made; "": any processor of the target
  std::string weights = "inside";  // or "external": in a .safetensors beside
  std::string prefix = "";         // of all symbols; "": made of the file's name
  int num_threads = 1;             // the most threads that a call may be shared among
};

// Compiles the model and writes `path` and what comes with it: PATH.h and PATH.safetensors, without PATH's ending.
// Returns the names of the files. All appear, or none. Throws
//   ValueError           if an option is wrong, the model is not built, or an axis but the batch is unknown;
//   NotImplementedError  if the model needs what such a binary cannot hold (strings);
//   IOError              if a file cannot be written.
std::vector<std::string> export_model(Model& model, const std::string& path, const ExportOptions& options = {});

}  // namespace hornbeam
