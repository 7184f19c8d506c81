// Where the time of a model's steps goes: seconds, arithmetic and memory traffic of each layer, as numbers, a table, JSON
// and a trace for Perfetto or chrome://tracing.
//
//   hb::Profile profile = hb::profile_fit(model, x, y, {.batch_size = 32});
//   std::cout << profile.table();
//   profile.save_trace("step.json");
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <hornbeam/model.h>

namespace hornbeam {

// What one layer costs in one direction. Seconds and counts are of one step.
struct LayerTime {
  // The layer's path within the model, "encoder/dense"; what is no layer stands in parentheses: "(loss)", "(metrics)",
  // "(optimizer)", "(data)" (a batch is gathered, an output stored), "(waiting)" (for other threads), "(other)".
  std::string layer;
  bool gradient = false;          // of the layer's derivative
  std::vector<std::string> with;  // what else was fused into its kernels; a derivative's name ends in "'"
  double seconds = 0;
  double flops = 0;  // operations on floats; an exp or a square root counts as one
  double bytes = 0;  // read and written, each buffer once a kernel
};

// One kernel of the program. A kernel that several layers became belongs to that of its product, convolution or reduction,
// or else to that of most of its operations.
struct KernelTime {
  std::string kernel;  // its kind and the points that it computes
  std::string layer;
  bool gradient = false;
  double calls = 0;  // a step; 0 for a kernel of a batch size that did not occur
  double seconds = 0;
  double flops = 0;
  double bytes = 0;
};

// One call of a kernel by one thread.
struct KernelEvent {
  size_t kernel = 0;  // in Profile::kernels
  int thread = 0;
  double begin = 0;  // seconds since the first
  double seconds = 0;
};

struct Profile {
  std::string step;  // "train_step", "evaluate_step", "predict_step"
  int64_t batch_size = 0;  // 0: several
  int64_t steps = 0;  // that were measured
  int threads = 1;
  double step_seconds = 0;           // in the program, as its first thread saw it: the sum of all layers' seconds
  double peak_flops = 0;             // a second; measured on this machine with so many threads, in registers
  double peak_bytes_per_second = 0;  // measured: reads of a large array in memory; caches are faster
  std::vector<LayerTime> layers;     // in the order of the step
  std::vector<KernelTime> kernels;
  std::vector<KernelEvent> events;  // of the last calls, fifty thousand at most

  // A line a layer: time, share of the time, flops, bytes, speed and its share of the peak.
  std::string table() const;
  // The fields above, with `events` left out.
  std::string to_json() const;
  // Chrome's trace events, one lane a thread.
  std::string trace_json() const;
  // Throws IOError if the file cannot be written.
  void save_trace(const std::string& path) const;
};

struct ProfileOptions {
  int64_t batch_size = 32;
  int64_t steps = 30;   // measured, after the first call
};

// Trains the model, which must be compiled, on whole batches of the data, as often as it takes, and puts variables back as
// they were. The programs are compiled anew, with marks between kernels that cost some 30 ns each. Throws ValueError for
// what fit refuses, and if there are fewer rows than in a batch.
Profile profile_fit(Model& model, const Arrays& x, const Arrays& y, ProfileOptions options = {});
// The same of predictions.
Profile profile_predict(Model& model, const Arrays& x, ProfileOptions options = {});

}  // namespace hornbeam
