// Arrays in memory as a feed: rows are chosen by number, nothing is copied.
#include "runtime/fit/array_feed.h"

#include <algorithm>
#include <numeric>

#include "runtime/fit/batches.h"

namespace hornbeam::runtime {
namespace {

class ArrayFeed : public Feed {
 public:
  ArrayFeed(const Job& job, const std::string& title, std::span<const Segment> segments, int64_t max_batches)
      : batches_(job, title, segments, max_batches), rows_(static_cast<size_t>(batches_.num_rows())) {
    std::iota(rows_.begin(), rows_.end(), int64_t{0});
  }

  void begin_pass(int64_t epoch, std::optional<uint64_t> order) override {
    next_ = 0;
    if (order) shuffle_rows(*order, epoch, rows_);
  }
  bool has_next(int64_t) override { return next_ < batches_.num_batches(); }
  int64_t run(int64_t most) override {
    int64_t count = std::min(most, batches_.num_batches() - next_);
    batches_.run(next_, count, rows_, outputs_);
    next_ += count;
    return count;
  }
  bool is_regular(int64_t count) const override {
    return next_ + count <= batches_.num_batches() && !batches_.has_short(next_, count);
  }
  std::optional<int64_t> num_batches() const override { return batches_.num_batches(); }
  double measure_overhead() override { return batches_.measure_overhead(); }

  std::vector<Array> outputs(int64_t first, int64_t end) override {
    std::vector<Array> part;
    for (const Array& output : outputs_) part.push_back(output.rows(rows_before(first), rows_before(end)));
    return part;
  }
  void keep_outputs(int64_t most) override {
    outputs_ = batches_.make_outputs(rows_before(std::min(most, batches_.num_batches())));
  }
  bool has_outputs() const override { return batches_.has_outputs(); }

 private:
  int64_t rows_before(int64_t batch) const { return std::min(batch * batches_.batch_size(), batches_.num_rows()); }

  Batches batches_;
  std::vector<int64_t> rows_;
  std::vector<Array> outputs_;
  int64_t next_ = 0;
};

}  // namespace

std::unique_ptr<Feed> make_array_feed(const Job& job, const std::string& title, std::span<const Segment> segments,
                                      int64_t max_batches) {
  return std::make_unique<ArrayFeed>(job, title, segments, max_batches);
}

}  // namespace hornbeam::runtime
