// Chunked data: the index that says where each chunk is, and the filters that a chunk went through.
#pragma once

#include <vector>

#include "frontend/src/saving/hdf5/messages.h"

namespace hornbeam::hdf5 {

struct StoredChunk {
  uint64_t number = 0;  // row-major place in the grid of chunks
  uint64_t address = 0;
  uint64_t size = 0;         // bytes in the file
  uint32_t filter_mask = 0;  // bit i: filter i was left out
};

// All chunks of a dataset of `shape`. Fails unless every chunk of the grid is there exactly once and the chunks do not
// hold more bytes than the file.
std::vector<StoredChunk> find_chunks(const Image& image, const Layout& layout, const Shape& shape,
                                     uint32_t element_size, bool filtered);

// Undoes the filters of one chunk, last first; the result has `chunk_bytes` bytes. Fails before anything is allocated
// that the stored bytes cannot fill.
std::vector<uint8_t> undo_filters(const Image& image, Span stored, const std::vector<Filter>& filters, uint32_t mask,
                                  uint64_t chunk_bytes);

}  // namespace hornbeam::hdf5
