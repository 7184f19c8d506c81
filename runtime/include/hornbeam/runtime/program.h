// A Program: compiled code, the layout of the state it works on, and its entry points. It can be saved, loaded and run
// without LLVM. The calling convention below is plain C; ahead-of-time binaries use the same one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <hornbeam/base/dtype.h>
#include <hornbeam/base/shape.h>
#include <hornbeam/runtime/host_graph.h>

extern "C" {
// One call of an entry point by one thread. Every thread of a parallel entry gets the same call but for `thread`.
struct HornbeamCall {
  // The three state segments (weights, slots, metrics), the arena, then the data inputs and the outputs of the entry,
  // in its order. A data input is the base of an array [rows, ...]; an output the base of an array [steps * batch, ...].
  void* const* buffers;
  // steps * batch row numbers into the data inputs, batch after batch. Null for an entry without data inputs.
  const int64_t* rows;
  int64_t steps;        // how many times the step is run: a run-time argument, no recompilation
  int32_t thread;       // this thread's number, 0 .. num_threads - 1
  int32_t num_threads;  // at most the entry's num_threads
  void (*barrier)(void* barrier_context);  // returns when all threads of the call have come; null for one thread
  void* barrier_context;
};
typedef void (*HornbeamEntry)(const struct HornbeamCall*);
}

namespace hornbeam::runtime {

// State is kept in three segments, each one allocation, made when first needed and updated in place.
enum class Segment : uint8_t { weights = 0, slots = 1, metrics = 2 };
inline constexpr int kNumSegments = 3;

struct StateVariable {
  std::string name;  // its path, unique in the program: "dense/kernel", "adam/dense_kernel_momentum"
  DType dtype = DType::invalid;
  Shape shape;
  Segment segment = Segment::weights;
  int64_t offset = 0;  // bytes into its segment, a multiple of 64
};

// Gives each variable its offset, in order, each aligned to 64 bytes, and returns the bytes of the three segments. The
// layout depends on the list alone, so programs compiled from the same list share one state.
std::vector<int64_t> lay_out(std::vector<StateVariable>& variables);

struct Port {  // a data input or an output of an entry
  std::string name;
  DType dtype = DType::invalid;
  Shape shape;              // of one batch, batch axis first where there is one
  bool per_batch = true;    // an output that is written once for each step at its rows; else once, by the last step
};

struct Entry {
  std::string name;    // "train_step", "evaluate_step", "predict_step", …: unique in the program
  std::string symbol;  // of the HornbeamEntry in the image
  int64_t batch_size = 0;
  std::vector<Port> inputs;
  std::vector<Port> outputs;
  int64_t arena_bytes = 0;
  int32_t num_threads = 1;  // the most threads that the entry can use with profit
};

struct Program {
  std::string target;  // the CPU and its features, as LLVM names them
  std::vector<StateVariable> state;
  std::vector<Entry> entries;
  std::string image;  // an ELF shared object
  // What turns the model's inputs into those of its entries, and entries' outputs into the model's, where there are
  // strings; else empty. A HostFunction runs them.
  HostGraph prologue, epilogue;

  const Entry* find(const std::string& name) const;
};

}  // namespace hornbeam::runtime
