// The room's door: horn in, a Program out.
#pragma once

#include <array>
#include <string>
#include <vector>

#include <absl/status/statusor.h>
#include <hornbeam/runtime/program.h>

#include "ir/builder.h"

namespace hornbeam::codegen {

// One call of a kernel in a program, as a profile tells of it.
struct KernelSite {
  std::string entry;   // the function that calls it
  std::string kernel;  // its kind and the points that it computes: "gemm_32x128x784"; "barrier" where threads wait
  struct Source {      // where its ops come from (ir::Builder::begin_source)
    std::string path;
    bool gradient = false;
  };
  std::vector<Source> sources;  // that of a product, convolution or reduction first, then those of most of the rest
  double flops = 0;             // arithmetic on floats, an exp or a square root being one
  double bytes = 0;             // of what it reads and writes, each once
};

struct CompileOptions {
  int num_threads = 0;  // the most threads an entry may use; 0: all cores of this machine
  std::string cpu = "native";
  int64_t work_worth_sharing = 0;  // see Target; 0: its default. 1 makes threads share every kernel (tests)
  std::string dump_dir;            // the IR after each stage is written here, numbered, if not empty
  // If not null, the program's kernels tell a profiler that they end (runtime::Executable::set_profiler), by numbers; what
  // each stands for is put here.
  std::vector<KernelSite>* sites = nullptr;
};

// Compiles every function of the module to an entry of that name: gradient expansion, simplification, step fusion,
// layer fusion, lowering, code generation. `state` is laid out (runtime::lay_out) and names every state argument.
// Kernels are shared between the entries of a module, so functions that differ in batch size alone cost little more
// than one.
absl::StatusOr<runtime::Program> compile(ir::Module module, std::vector<runtime::StateVariable> state,
                                         const CompileOptions& options = {});

// A binary to be shipped, which needs neither Hornbeam nor LLVM (docs/how-to/compiled_models.md).
struct BinaryOptions {
  // To ship: "obj", "static-lib", "shared-lib", "exe", "wasm". To look at: "horn", "kernels", "llvm", "asm".
  std::string emit = "shared-lib";
  std::string target;  // "x86_64-linux", "aarch64-linux", "wasm32"; empty: this machine's, for wasm wasm32
  std::string cpu;     // LLVM's name, "avx2", "avx512", "native", "all" (x86-64: three codes); empty: any of the target
  int num_threads = 1;  // the most that a call may use
  std::string prefix = "model";
  std::string soname = "model.so";
  // The functions of the module by what they do; empty: not there. A train step comes with the metrics' results, and may
  // come with one for a short last batch.
  std::string predict, train, train_last, metrics;
  // What users call the ports: of a prediction inputs and outputs, of a training step inputs, targets and sample weights.
  std::vector<std::string> input_names, target_names, sample_weight_names, output_names, metric_names;
  std::array<std::string, runtime::kNumSegments> segments;  // the state to begin with; empty: zeros
  bool external_weights = false;                            // the weights are given to each instance at run time
};
struct Binary {
  std::string bytes;   // of the file; text where it is to look at
  std::string header;  // in C; empty where there is nothing to call
};

// Compiles as compile() does, but for the last step. The module's functions are those that the options name. Errors are
// InvalidArgument for options that do not fit together, Unimplemented for what a binary cannot hold.
absl::StatusOr<Binary> compile_binary(ir::Module module, std::vector<runtime::StateVariable> state,
                                      const BinaryOptions& options);

}  // namespace hornbeam::codegen
