// A stream of batches as a feed: what the stream gives is checked against its program and run.
#include "runtime/fit/stream_feed.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <map>

#include <hornbeam/base/error.h>

namespace hornbeam::runtime {
namespace {

Shape with_rows(Shape shape, int64_t rows) {
  shape[0] = rows;
  return shape;
}

class StreamFeed : public Feed {
 public:
  StreamFeed(const Job& job, std::string title, std::span<const Segment> segments)
      : job_(job), title_(std::move(title)) {
    if (!job_.state) refuse("the plan has no state.");
    for (Segment segment : segments) job_.state->segment(segment);
  }

  void begin_pass(int64_t epoch, std::optional<uint64_t>) override {
    job_.stream->begin_pass(epoch);
    steps_left_ = 0;
    ended_ = false;
    outputs_.clear();
  }

  bool has_next(int64_t most) override {
    if (steps_left_ > 0) return true;
    if (ended_ || !job_.stream->next(most, batches_)) {
      ended_ = true;
      return false;
    }
    resolve();
    steps_left_ = batches_.steps;
    return true;
  }

  int64_t run(int64_t most) override {
    int64_t done = 0;
    while (done < most && has_next(most - done)) {
      int64_t steps = std::min(most - done, steps_left_);
      call(steps);
      steps_left_ -= steps;
      done += steps;
    }
    return done;
  }

  // Batches of other sizes may follow, which is seen when they come.
  bool is_regular(int64_t count) const override { return steps_left_ >= count; }
  std::optional<int64_t> num_batches() const override { return job_.stream->num_batches(); }

  double measure_overhead() override {
    CallArguments arguments = arguments_for(0);
    std::vector<Buffer> outputs(entry_->outputs.size(), job_.state->device()->allocate(0));
    arguments.outputs = outputs;
    double best = 1.0;
    for (int i = 0; i < 8; ++i) {
      auto begin = std::chrono::steady_clock::now();
      executable_->run(index_, arguments);
      best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    return best;
  }

  std::vector<Array> outputs(int64_t first, int64_t end) override {
    std::vector<Array> joined;
    if (outputs_.empty()) return joined;
    end = std::min(end, static_cast<int64_t>(outputs_.size()));
    for (size_t i = 0; i < outputs_[0].size(); ++i) {
      int64_t rows = 0;
      for (int64_t batch = first; batch < end; ++batch) rows += outputs_[batch][i].shape()[0];
      const Array& like = outputs_[0][i];
      Array all(like.dtype(), with_rows(like.shape(), rows));
      char* to = static_cast<char*>(all.mutable_data());
      for (int64_t batch = first; batch < end; ++batch) {
        const Array& part = outputs_[batch][i];
        if (with_rows(part.shape(), 0) != with_rows(like.shape(), 0))
          refuse("batch " + std::to_string(batch) + " gives an output of shape " + part.shape().to_string() +
                 ", batches before it gave " + like.shape().to_string() + ". Outputs must have one shape to be put " +
                 "together.");
        std::memcpy(to, part.data(), part.bytes());
        to += part.bytes();
      }
      joined.push_back(std::move(all));
    }
    return joined;
  }
  void keep_outputs(int64_t) override { keeps_outputs_ = true; }
  bool has_outputs() const override { return entry_ && !entry_->outputs.empty(); }

 private:
  [[noreturn]] void refuse(const std::string& what) const { throw ValueError(title_ + ": " + what); }

  // Finds the entry and brings the data to the device.
  void resolve() {
    if (!batches_.step.executable || batches_.steps <= 0) refuse("a stream must give batches and a program.");
    executable_ = batches_.step.executable;
    index_ = executable_->find(batches_.step.entry);
    entry_ = &executable_->program().entries[index_];
    if (checked_ != executable_) {
      job_.state->check(executable_->program());
      checked_ = executable_;
    }
    if (static_cast<int64_t>(batches_.rows.size()) != batches_.steps * entry_->batch_size)
      refuse("a stream gave " + std::to_string(batches_.rows.size()) + " numbers of rows for " +
             std::to_string(batches_.steps) + " batches of " + std::to_string(entry_->batch_size) + ".");
    if (batches_.data.size() != entry_->inputs.size())
      refuse("entry '" + entry_->name + "' takes " + std::to_string(entry_->inputs.size()) +
             " data arrays. Received: " + std::to_string(batches_.data.size()));
    Device& device = *job_.state->device();
    inputs_.clear();
    for (size_t i = 0; i < batches_.data.size(); ++i) {
      const Array& array = batches_.data[i];
      const Port& port = entry_->inputs[i];
      if (array.dtype() != port.dtype || array.shape().empty() ||
          with_rows(array.shape(), 0) != with_rows(port.shape, 0))
        refuse("'" + port.name + "' must be " + std::string(name_of(port.dtype)) +
               with_rows(port.shape, kUnknown).to_string() + ". Received: " + std::string(name_of(array.dtype())) +
               array.shape().to_string());
      // A program only reads its inputs, so a const array may stand behind the buffer.
      Buffer buffer = device.wrap(const_cast<void*>(array.data()), array.bytes());
      if (!buffer.valid()) {
        buffer = device.allocate(array.bytes());
        device.copy_in(buffer, 0, array.data(), array.bytes());
      }
      inputs_.push_back(std::move(buffer));
    }
  }

  CallArguments arguments_for(int64_t steps) const {
    CallArguments arguments;
    arguments.segments = job_.state->segments();
    arguments.inputs = inputs_;
    size_t first = static_cast<size_t>((batches_.steps - steps_left_) * entry_->batch_size);
    arguments.rows = std::span<const int64_t>(batches_.rows)
                         .subspan(steps ? first : 0, static_cast<size_t>(steps * entry_->batch_size));
    arguments.steps = steps;
    return arguments;
  }

  void call(int64_t steps) {
    CallArguments arguments = arguments_for(steps);
    if (!keeps_outputs_) {
      executable_->run(index_, arguments);
      return;
    }
    Device& device = *job_.state->device();
    std::vector<Array> arrays;
    std::vector<Buffer> buffers;
    for (const Port& port : entry_->outputs) {
      if (!port.per_batch || port.shape.empty())
        refuse("entry '" + entry_->name + "' has the output '" + port.name +
               "', which is not one row per row of a batch.");
      arrays.emplace_back(port.dtype, with_rows(port.shape, steps * entry_->batch_size));
      Buffer buffer = device.wrap(arrays.back().mutable_data(), arrays.back().bytes());
      buffers.push_back(buffer.valid() ? buffer : device.allocate(arrays.back().bytes()));
    }
    arguments.outputs = buffers;
    executable_->run(index_, arguments);
    for (size_t i = 0; i < arrays.size(); ++i)
      if (buffers[i].address() != arrays[i].data())
        device.copy_out(buffers[i], 0, arrays[i].mutable_data(), arrays[i].bytes());
    for (int64_t step = 0; step < steps; ++step) {
      std::vector<Array> batch;
      for (const Array& array : arrays)
        batch.push_back(array.rows(step * entry_->batch_size, (step + 1) * entry_->batch_size));
      outputs_.push_back(std::move(batch));
    }
  }

  Job job_;
  std::string title_;
  StreamedBatches batches_;
  int64_t steps_left_ = 0;
  bool ended_ = true;
  Executable* executable_ = nullptr;
  Executable* checked_ = nullptr;
  int index_ = 0;
  const Entry* entry_ = nullptr;
  std::vector<Buffer> inputs_;
  bool keeps_outputs_ = false;
  std::vector<std::vector<Array>> outputs_;  // of each batch of the pass
};

}  // namespace

std::unique_ptr<Feed> make_stream_feed(const Job& job, const std::string& title, std::span<const Segment> segments) {
  return std::make_unique<StreamFeed>(job, title, segments);
}

}  // namespace hornbeam::runtime
