// Reading a dataset's elements from its layout.
#include "frontend/src/saving/hdf5/dataset.h"

#include <algorithm>
#include <cstring>

#include "frontend/src/saving/hdf5/chunks.h"
#include "runtime/base/src/memory.h"

namespace hornbeam::hdf5 {
namespace {

bool is_chunked(const Layout& layout) {
  return layout.kind != Layout::Kind::compact && layout.kind != Layout::Kind::contiguous;
}

// The data of a compact or contiguous dataset, in place.
Span find_bytes(const Image& image, const Layout& layout, uint64_t bytes) {
  if (bytes == 0) return {};
  Span data = layout.compact;
  if (layout.kind == Layout::Kind::contiguous) {
    if (layout.address == kUndefined) image.fail("a dataset's elements were never written");
    if (layout.size < bytes) image.fail("a dataset has fewer bytes than its shape needs");
    data = image.slice(layout.address, bytes, "dataset");
  }
  if (data.size() < bytes) image.fail("a dataset has fewer bytes than its shape needs");
  return data.first(bytes);
}

// Copies the part of a chunk that lies inside the dataset, run of the last axis by run.
class ChunkWriter {
 public:
  ChunkWriter(const Shape& shape, const Layout& layout, uint64_t element)
      : shape_(shape), chunk_(layout.chunk), element_(element) {
    for (size_t i = 0; i < chunk_.size(); ++i)
      grid_.push_back((static_cast<uint64_t>(shape[i]) + chunk_[i] - 1) / chunk_[i]);
  }

  void write(uint64_t number, const std::vector<uint8_t>& bytes, uint8_t* to) const {
    size_t rank = chunk_.size();
    std::vector<uint64_t> first(rank), extent(rank), at(rank, 0);
    for (size_t i = rank; i-- > 0;) {
      first[i] = number % grid_[i] * chunk_[i];
      number /= grid_[i];
      extent[i] = std::min<uint64_t>(chunk_[i], static_cast<uint64_t>(shape_[i]) - first[i]);
    }
    uint64_t run = extent[rank - 1] * element_;
    while (true) {
      uint64_t source = 0, target = 0;
      for (size_t i = 0; i < rank; ++i) {
        source = source * chunk_[i] + at[i];
        target = target * static_cast<uint64_t>(shape_[i]) + first[i] + at[i];
      }
      std::memcpy(to + target * element_, bytes.data() + source * element_, run);
      size_t axis = rank - 1;
      while (axis-- > 0) {
        if (++at[axis] < extent[axis]) break;
        at[axis] = 0;
      }
      if (axis == static_cast<size_t>(-1)) return;
    }
  }

 private:
  const Shape& shape_;
  const std::vector<uint64_t>& chunk_;
  uint64_t element_;
  std::vector<uint64_t> grid_;
};

// Above this, compressed chunks are inflated once for nothing, so that damage is found before the memory is taken.
constexpr uint64_t kTakenOnTrust = 16 << 20;

// `make(bytes)` gives the memory for the result, which is asked for only when the stored bytes can fill it.
template <typename Make>
void read_into(const Image& image, const Dataset& dataset, const Shape& shape, Make make) {
  uint64_t bytes;
  if (__builtin_mul_overflow(count_elements(image, shape), uint64_t{dataset.type.size}, &bytes))
    image.fail("a dataset has more bytes than can be counted");
  if (!is_chunked(dataset.layout)) {
    if (!dataset.filters.empty()) image.fail("a dataset that is not chunked has filters");
    Span data = find_bytes(image, dataset.layout, bytes);
    if (uint8_t* to = make(bytes); bytes > 0) std::memcpy(to, data.data(), bytes);
    return;
  }
  auto chunks = find_chunks(image, dataset.layout, shape, dataset.type.size, !dataset.filters.empty());
  uint64_t chunk_bytes = dataset.type.size;  // the product was checked by find_chunks
  for (uint64_t extent : dataset.layout.chunk) chunk_bytes *= extent;
  auto unpack = [&](const StoredChunk& chunk) {
    return undo_filters(image, image.slice(chunk.address, chunk.size, "chunk"), dataset.filters, chunk.filter_mask,
                        chunk_bytes);
  };
  if (bytes > kTakenOnTrust)
    for (const StoredChunk& chunk : chunks) unpack(chunk);
  else if (!chunks.empty())
    unpack(chunks.front());
  uint8_t* to = make(bytes);
  if (bytes == 0) return;
  ChunkWriter writer(shape, dataset.layout, dataset.type.size);
  for (const StoredChunk& chunk : chunks) writer.write(chunk.number, unpack(chunk), to);
}

}  // namespace

std::optional<Dataset> describe_dataset(const Image& image, const std::vector<Message>& header) {
  Dataset dataset;
  bool has_type = false, has_space = false, has_layout = false;
  for (const Message& message : header) {
    switch (message.type) {
      case MessageType::datatype:
        dataset.type = read_datatype(image, message.body);
        has_type = true;
        break;
      case MessageType::dataspace:
        dataset.space = read_dataspace(image, message.body);
        has_space = true;
        break;
      case MessageType::layout:
        dataset.layout = read_layout(image, message.body);
        has_layout = true;
        break;
      case MessageType::filters:
        dataset.filters = read_filters(image, message.body);
        break;
      case MessageType::external_files:
        image.fail("a dataset keeps its elements in other files, which is not allowed");
      default:
        break;
    }
  }
  if (!has_type || !has_space || !has_layout) return std::nullopt;
  return dataset;
}

std::vector<uint8_t> read_bytes(const Image& image, const Dataset& dataset, const Shape& shape) {
  std::vector<uint8_t> bytes;
  read_into(image, dataset, shape, [&](uint64_t count) {
    bytes.resize(count);
    return bytes.data();
  });
  return bytes;
}

Array read_numbers(const Image& image, const Dataset& dataset, const Shape& shape, DType dtype) {
  Array array;
  read_into(image, dataset, shape, [&](uint64_t) {
    array = Array(dtype, shape);
    expect_to_fill(array.mutable_data(), array.bytes());
    return static_cast<uint8_t*>(array.mutable_data());
  });
  auto* bytes = static_cast<uint8_t*>(array.mutable_data());
  uint64_t size = dataset.type.size;
  if (dataset.type.big_endian && size > 1)
    for (uint64_t i = 0; i < array.bytes(); i += size) std::reverse(bytes + i, bytes + i + size);
  if (dtype == DType::boolean)
    for (uint64_t i = 0; i < array.bytes(); ++i) bytes[i] = bytes[i] != 0;
  return array;
}

}  // namespace hornbeam::hdf5
