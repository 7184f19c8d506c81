// Arrays in memory as a feed.
#pragma once

#include "runtime/fit/feed.h"

namespace hornbeam::runtime {

std::unique_ptr<Feed> make_array_feed(const Job& job, const std::string& title, std::span<const Segment> segments,
                                      int64_t max_batches);

}  // namespace hornbeam::runtime
