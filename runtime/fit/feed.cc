#include "runtime/fit/feed.h"

#include "runtime/fit/array_feed.h"
#include "runtime/fit/stream_feed.h"

namespace hornbeam::runtime {

std::unique_ptr<Feed> make_feed(const Job& job, const std::string& title, std::span<const Segment> segments,
                                int64_t max_batches) {
  return job.stream ? make_stream_feed(job, title, segments) : make_array_feed(job, title, segments, max_batches);
}

}  // namespace hornbeam::runtime
