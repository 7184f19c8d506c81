#include "frontend/src/model/source.h"

#include <utility>

namespace hornbeam {

std::optional<int64_t> Source::num_batches() const {
  return stream ? stream->num_batches() : (data.rows + batch_size - 1) / batch_size;
}

Source open(const Model& model, const Dataset& dataset, DatasetStream::Settings settings) {
  Source source;
  source.stream = std::make_unique<DatasetStream>(model, dataset, std::move(settings));
  source.data = source.stream->first();
  source.batch_size = source.data.rows;
  return source;
}

void fill(Run& run, Job job, const Source& source, int64_t steps_per_execution, runtime::Job& plan) {
  run.fill(job, source.data, source.batch_size, steps_per_execution, plan);
  if (!source.stream) return;
  source.stream->program = [&run, job](const Data& batch, int64_t rows) -> const runtime::Step& {
    return run.step_for(job, batch, rows);
  };
  if (job != Job::predict) source.stream->check = [&run](const Data& batch) { run.check_targets(batch); };
  plan.stream = source.stream.get();
}

}  // namespace hornbeam
