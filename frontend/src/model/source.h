// Where batches come from: arrays, or a stream of a Dataset's elements.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "frontend/src/model/data.h"
#include "frontend/src/model/dataset_stream.h"
#include "frontend/src/model/run.h"

namespace hornbeam {

struct Source {
  Data data;  // of a stream, its first batch
  int64_t batch_size = 0;
  std::unique_ptr<DatasetStream> stream;  // null: arrays

  // Ends the stream's thread, which looks at the run.
  struct Closed {
    const Source& source;
    ~Closed() {
      if (source.stream) source.stream->close();
    }
  };

  std::optional<int64_t> num_batches() const;
};

Source open(const Model& model, const Dataset& dataset, DatasetStream::Settings settings);

// Puts a source into a plan of the loops.
void fill(Run& run, Job job, const Source& source, int64_t steps_per_execution, runtime::Job& plan);

}  // namespace hornbeam
