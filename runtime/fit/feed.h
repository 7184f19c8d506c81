// Where a loop's batches come from: arrays in memory or a stream, behind one face.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <hornbeam/runtime/fit/loop.h>

namespace hornbeam::runtime {

class Feed {
 public:
  virtual ~Feed() = default;

  // Starts the data again. `order` is a seed where the rows are to be shuffled.
  virtual void begin_pass(int64_t epoch, std::optional<uint64_t> order) = 0;
  // Whether the pass has a batch left; may wait for it. `most` is how many are wanted.
  virtual bool has_next(int64_t most) = 0;
  // Runs the next batches, at most `most` and at least one, and returns how many; only after has_next().
  virtual int64_t run(int64_t most) = 0;
  // Whether the next `count` batches all have the full size: what StepsPerCall may measure.
  virtual bool is_regular(int64_t count) const = 0;
  virtual std::optional<int64_t> num_batches() const = 0;
  // Seconds that a call takes that runs no step.
  virtual double measure_overhead() = 0;

  // For predict: the entry's outputs of the batches [first, end) of this pass, or of all that was run.
  virtual std::vector<Array> outputs(int64_t first, int64_t end) = 0;
  // Outputs are wanted, of at most so many batches; called before anything is run.
  virtual void keep_outputs(int64_t most) = 0;
  virtual bool has_outputs() const = 0;
};

// `title` begins the texts of errors ("fit"); `max_batches` is how many batches of a pass are ever run. Throws
// ValueError for a job that does not fit its programs.
std::unique_ptr<Feed> make_feed(const Job& job, const std::string& title, std::span<const Segment> segments,
                                int64_t max_batches);

}  // namespace hornbeam::runtime
