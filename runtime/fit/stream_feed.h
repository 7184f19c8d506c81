// A stream of batches as a feed.
#pragma once

#include "runtime/fit/feed.h"

namespace hornbeam::runtime {

std::unique_ptr<Feed> make_stream_feed(const Job& job, const std::string& title, std::span<const Segment> segments);

}  // namespace hornbeam::runtime
