// A Job made ready: checked, its data on the device, and any range of batches run as one or two calls.
#pragma once

#include <span>
#include <vector>

#include <hornbeam/runtime/fit/loop.h>

namespace hornbeam::runtime {

class Batches {
 public:
  // `title` begins the texts of errors ("fit"). `max_batches` is how many batches of a pass are ever run: a short last
  // one needs a program only if it is among them. Throws ValueError for what does not fit.
  Batches(const Job& job, std::string title, std::span<const Segment> segments, int64_t max_batches);

  int64_t num_rows() const { return num_rows_; }
  int64_t num_batches() const { return num_batches_; }
  int64_t batch_size() const { return job_.batch_size; }

  // Runs batches [first, first + count) of the pass whose row order is `rows`. An entry's outputs go to `outputs` at
  // the places of the batches; empty for entries without outputs.
  void run(int64_t first, int64_t count, std::span<const int64_t> rows, std::span<Array> outputs = {});
  bool has_short(int64_t first, int64_t count) const { return first + count == num_batches_ && short_.entry; }

  // The outputs of an entry for `rows` rows, zeroed.
  std::vector<Array> make_outputs(int64_t rows) const;
  bool has_outputs() const { return !any_entry().outputs.empty(); }

  // Seconds that a call takes that runs no step.
  double measure_overhead();

 private:
  struct Part {  // a resolved Step
    Executable* executable = nullptr;
    int index = 0;
    const Entry* entry = nullptr;
  };

  Part resolve(const Step& step, int64_t batch_size);
  void check_inputs(const Entry& entry) const;
  void call(const Part& part, int64_t steps, int64_t first_row, std::span<const int64_t> rows,
            std::span<Array> outputs);
  const Entry& any_entry() const { return full_.entry ? *full_.entry : *short_.entry; }
  [[noreturn]] void refuse(const std::string& what) const;

  Job job_;
  std::string title_;
  int64_t num_rows_ = 0;
  int64_t num_batches_ = 0;
  Part full_;
  Part short_;
  std::vector<Buffer> inputs_;
  std::vector<Buffer> outputs_;  // of the running call
  std::vector<Buffer> staging_;  // output memory of a device that cannot write into host arrays
};

}  // namespace hornbeam::runtime
