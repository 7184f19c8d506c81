// Batches that come one after another, from files or a generator, for the loops of loop.h: the counterpart of a Job's
// arrays in memory.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <hornbeam/base/array.h>
#include <hornbeam/runtime/device.h>

namespace hornbeam::runtime {

// One entry of one executable; not given: {nullptr, ""}.
struct Step {
  Executable* executable = nullptr;
  std::string entry;
};

// Some batches of one size, for one call of a program.
struct StreamedBatches {
  Step step;                  // its batch_size is that of the batches
  std::vector<Array> data;    // in the order of the entry's inputs; equal numbers of rows
  std::vector<int64_t> rows;  // steps * batch_size numbers of rows of data
  int64_t steps = 0;
};

// Called by a loop on its own thread. What a stream throws ends the loop and reaches its caller unchanged.
class BatchStream {
 public:
  virtual ~BatchStream() = default;

  // Starts the data again, for the epoch of this number: shuffling may depend on it.
  virtual void begin_pass(int64_t epoch) = 0;
  // The next batches of the pass, 1 to `most`; false at its end. Their data stay as they are until the next call.
  virtual bool next(int64_t most, StreamedBatches& batches) = 0;
  // How many batches a pass has, where that is known.
  virtual std::optional<int64_t> num_batches() const = 0;
};

}  // namespace hornbeam::runtime
