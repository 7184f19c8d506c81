// A group's links: where each of its members is.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "frontend/src/saving/hdf5/messages.h"

namespace hornbeam::hdf5 {

// Name → address of the member's object header; kUndefined for a soft or external link. Reads symbol tables (B-tree and
// local heap) and link messages; groups whose links fill a fractal heap are refused.
std::map<std::string, uint64_t> read_links(const Image& image, const std::vector<Message>& header);

// Whether the header is a group's.
bool describes_group(const std::vector<Message>& header);

}  // namespace hornbeam::hdf5
