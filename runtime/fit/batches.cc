// Checks a Job against its programs, and turns ranges of batches into calls.
#include "runtime/fit/batches.h"

#include <algorithm>
#include <chrono>

#include <hornbeam/base/error.h>

namespace hornbeam::runtime {
namespace {

// The shape without the batch axis.
Shape row_shape(const Shape& shape) { return Shape(std::vector<int64_t>(shape.begin() + 1, shape.end())); }

size_t row_bytes(const Array& array) {
  return array.shape()[0] == 0 ? 0 : array.bytes() / static_cast<size_t>(array.shape()[0]);
}

}  // namespace

void Batches::refuse(const std::string& what) const { throw ValueError(title_ + ": " + what); }

Batches::Batches(const Job& job, std::string title, std::span<const Segment> segments, int64_t max_batches)
    : job_(job), title_(std::move(title)) {
  if (!job_.state) refuse("the plan has no state.");
  if (job_.batch_size <= 0)
    refuse("batch_size must be positive. Received: batch_size=" + std::to_string(job_.batch_size));
  if (job_.steps_per_execution < 0)
    refuse("steps_per_execution must be positive, or 0 for auto. Received: steps_per_execution=" +
           std::to_string(job_.steps_per_execution));
  if (job_.steps && *job_.steps <= 0)
    refuse("the number of steps must be positive. Received: steps=" + std::to_string(*job_.steps));
  if (job_.data.empty()) refuse("expected data. Received: no arrays");
  for (size_t i = 0; i < job_.data.size(); ++i) {
    const Array& array = job_.data[i];
    if (!array.valid() || array.shape().empty())
      refuse("array " + std::to_string(i) +
             " of the data has no axis of rows. Received: shape=" + array.shape().to_string());
    if (i == 0) num_rows_ = array.shape()[0];
    if (array.shape()[0] != num_rows_)
      refuse("all arrays of the data must have the same number of rows. Received: " + std::to_string(num_rows_) +
             " and " + std::to_string(array.shape()[0]));
  }
  if (num_rows_ == 0) refuse("expected at least one row of data. Received: 0 rows");

  int64_t short_rows = num_rows_ % job_.batch_size;
  num_batches_ = num_rows_ / job_.batch_size + (short_rows != 0);
  if (num_rows_ >= job_.batch_size) full_ = resolve(job_.step, job_.batch_size);
  if (short_rows != 0 && max_batches >= num_batches_) short_ = resolve(job_.short_step, short_rows);
  if (!full_.entry && !short_.entry) refuse("no batch is ever run.");
  if (full_.entry && short_.entry) {
    bool same = full_.entry->outputs.size() == short_.entry->outputs.size();
    for (size_t i = 0; same && i < full_.entry->outputs.size(); ++i) {
      const Port &a = full_.entry->outputs[i], &b = short_.entry->outputs[i];
      same = a.dtype == b.dtype && (!a.per_batch || row_shape(a.shape) == row_shape(b.shape));
    }
    if (!same) refuse("the entries for full batches and for the last one have different outputs.");
  }

  Device& device = *job_.state->device();
  for (Segment segment : segments) job_.state->segment(segment);
  for (const Array& array : job_.data) {
    // A program only reads its inputs, so a const array may stand behind the buffer.
    Buffer buffer = device.wrap(const_cast<void*>(array.data()), array.bytes());
    if (!buffer.valid()) {
      buffer = device.allocate(array.bytes());
      device.copy_in(buffer, 0, array.data(), array.bytes());
    }
    inputs_.push_back(std::move(buffer));
  }
  outputs_.resize(any_entry().outputs.size());
  staging_.resize(outputs_.size());
}

Batches::Part Batches::resolve(const Step& step, int64_t batch_size) {
  if (!step.executable) refuse("no program for batches of " + std::to_string(batch_size) + " rows was given.");
  Part part{step.executable, step.executable->find(step.entry), nullptr};
  part.entry = &step.executable->program().entries[part.index];
  if (part.entry->batch_size != batch_size)
    refuse("entry '" + step.entry + "' must have the batch size " + std::to_string(batch_size) +
           ". Received: batch_size=" + std::to_string(part.entry->batch_size));
  check_inputs(*part.entry);
  for (const Port& output : part.entry->outputs)
    if (!output.per_batch || output.shape.empty() || output.shape[0] != batch_size)
      refuse("entry '" + step.entry + "' has the output '" + output.name +
             "', which is not one row per row of a batch.");
  job_.state->check(step.executable->program());
  return part;
}

void Batches::check_inputs(const Entry& entry) const {
  if (entry.inputs.size() != job_.data.size())
    refuse("entry '" + entry.name + "' takes " + std::to_string(entry.inputs.size()) +
           " data arrays. Received: " + std::to_string(job_.data.size()));
  for (size_t i = 0; i < entry.inputs.size(); ++i) {
    const Port& port = entry.inputs[i];
    const Array& array = job_.data[i];
    if (array.dtype() != port.dtype)
      refuse("'" + port.name + "' must have dtype=" + std::string(name_of(port.dtype)) +
             ". Received: dtype=" + std::string(name_of(array.dtype())));
    if (row_shape(array.shape()) != row_shape(port.shape)) {
      Shape expected = port.shape;
      expected[0] = kUnknown;
      refuse("'" + port.name + "' must have shape=" + expected.to_string() +
             ". Received: shape=" + array.shape().to_string());
    }
  }
}

std::vector<Array> Batches::make_outputs(int64_t rows) const {
  std::vector<Array> outputs;
  for (const Port& port : any_entry().outputs) {
    Shape shape = port.shape;
    shape[0] = rows;
    outputs.emplace_back(port.dtype, std::move(shape));
  }
  return outputs;
}

void Batches::run(int64_t first, int64_t count, std::span<const int64_t> rows, std::span<Array> outputs) {
  int64_t full_steps = has_short(first, count) ? count - 1 : count;
  int64_t row = first * job_.batch_size;
  if (full_steps > 0) call(full_, full_steps, row, rows, outputs);
  if (full_steps < count) call(short_, 1, row + full_steps * job_.batch_size, rows, outputs);
}

void Batches::call(const Part& part, int64_t steps, int64_t first_row, std::span<const int64_t> rows,
                   std::span<Array> outputs) {
  Device& device = *job_.state->device();
  size_t num_rows = static_cast<size_t>(steps * part.entry->batch_size);
  for (size_t i = 0; i < outputs.size(); ++i) {
    size_t row = row_bytes(outputs[i]);
    char* place = static_cast<char*>(outputs[i].mutable_data()) + row * static_cast<size_t>(first_row);
    outputs_[i] = device.wrap(place, row * num_rows);
    if (outputs_[i].valid()) continue;
    if (!staging_[i].valid() || staging_[i].bytes() < row * num_rows) staging_[i] = device.allocate(row * num_rows);
    outputs_[i] = staging_[i];
  }
  CallArguments arguments;
  arguments.segments = job_.state->segments();
  arguments.inputs = inputs_;
  arguments.outputs = outputs_;
  arguments.rows = rows.subspan(static_cast<size_t>(first_row), num_rows);
  arguments.steps = steps;
  arguments.rows_are_checked = true;  // the loops make them: a permutation of all rows
  part.executable->run(part.index, arguments);
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (!staging_[i].valid()) continue;
    size_t row = row_bytes(outputs[i]);
    char* place = static_cast<char*>(outputs[i].mutable_data()) + row * static_cast<size_t>(first_row);
    device.copy_out(staging_[i], 0, place, row * num_rows);
  }
}

double Batches::measure_overhead() {
  const Part& part = full_.entry ? full_ : short_;
  std::vector<Buffer> outputs(outputs_.size(), job_.state->device()->allocate(0));
  CallArguments arguments;
  arguments.segments = job_.state->segments();
  arguments.inputs = inputs_;
  arguments.outputs = outputs;
  arguments.steps = 0;
  double best = 1.0;
  for (int i = 0; i < 8; ++i) {
    auto begin = std::chrono::steady_clock::now();
    part.executable->run(part.index, arguments);
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return best;
}

}  // namespace hornbeam::runtime
