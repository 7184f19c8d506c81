// Chunk indexes: version 1 B-trees, single chunks and implicit ones.
#include "frontend/src/saving/hdf5/chunks.h"

#include <set>

namespace hornbeam::hdf5 {
namespace {

class ChunkFinder {
 public:
  ChunkFinder(const Image& image, const Layout& layout, const Shape& shape, uint32_t element_size)
      : image_(image), layout_(layout) {
    if (layout.chunk.size() != shape.size())
      image.fail("chunks of " + std::to_string(layout.chunk.size()) + " dimensions in a dataset of " +
                 std::to_string(shape.size()));
    chunk_bytes_ = element_size;
    for (size_t i = 0; i < shape.size(); ++i) {
      uint64_t dim = static_cast<uint64_t>(shape[i]);
      grid_.push_back(dim / layout.chunk[i] + (dim % layout.chunk[i] != 0));
      if (__builtin_mul_overflow(count_, grid_.back(), &count_) ||
          __builtin_mul_overflow(chunk_bytes_, layout.chunk[i], &chunk_bytes_))
        image.fail("a dataset has more chunks than can be counted");
    }
    // An index entry takes more than 16 bytes, so what is kept of the index stays below twice the file.
    if (count_ > image.size() / 16)
      image.fail("a dataset of " + std::to_string(count_) + " chunks cannot be in a file of " +
                 std::to_string(image.size()) + " bytes");
    found_.resize(count_);
  }

  void add(StoredChunk chunk) {
    if (chunk.number >= count_) image_.fail("a chunk lies outside its dataset");
    if (found_[chunk.number].size != 0) image_.fail("a dataset has a chunk twice");
    if (chunk.size == 0) image_.fail("a chunk has no bytes");
    if (chunk.size > image_.size() - total_) image_.fail("the chunks of a dataset hold more bytes than the file");
    image_.slice(chunk.address, chunk.size, "chunk");
    total_ += chunk.size;
    ++added_;
    found_[chunk.number] = chunk;
  }

  void read_tree(uint64_t address, int expected_level) {
    if (!seen_.insert(address).second) image_.fail("the B-tree of a dataset goes in a circle");
    Cursor cursor = image_.cursor(address, "B-tree node of a dataset");
    cursor.expect("TREE");
    if (uint8_t type = cursor.u8(); type != 1) cursor.fail("it is of type " + std::to_string(type) + ", not 1");
    int level = cursor.u8();
    if (level > 16 || (expected_level >= 0 && level != expected_level))
      cursor.fail("its level is " + std::to_string(level) + ", which does not fit its parent");
    uint16_t entries = cursor.u16();
    cursor.skip(2 * image_.address_size());
    for (int i = 0; i < entries; ++i) {
      StoredChunk chunk;
      chunk.size = cursor.u32();
      chunk.filter_mask = cursor.u32();
      bool on_grid = true;
      for (size_t axis = 0; axis < grid_.size(); ++axis) {
        uint64_t offset = cursor.uint(8);
        on_grid = on_grid && offset % layout_.chunk[axis] == 0 && offset / layout_.chunk[axis] < grid_[axis];
        chunk.number = chunk.number * grid_[axis] + offset / layout_.chunk[axis];
      }
      cursor.skip(8);  // the offset inside an element: 0
      chunk.address = image_.address(cursor);
      if (level > 0) {
        read_tree(chunk.address, level - 1);
      } else {
        if (!on_grid) cursor.fail("a chunk lies outside its dataset");
        add(chunk);
      }
    }
  }

  std::vector<StoredChunk> finish() {
    if (added_ != count_)
      image_.fail("a dataset has " + std::to_string(added_) + " of its " + std::to_string(count_) +
                  " chunks; the others were never written");
    return std::move(found_);
  }

  uint64_t count() const { return count_; }
  uint64_t chunk_bytes() const { return chunk_bytes_; }

 private:
  const Image& image_;
  const Layout& layout_;
  std::vector<uint64_t> grid_;  // chunks along each axis
  uint64_t count_ = 1;
  uint64_t chunk_bytes_ = 0;
  uint64_t total_ = 0;
  uint64_t added_ = 0;
  std::vector<StoredChunk> found_;
  std::set<uint64_t> seen_;
};

}  // namespace

std::vector<StoredChunk> find_chunks(const Image& image, const Layout& layout, const Shape& shape,
                                     uint32_t element_size, bool filtered) {
  ChunkFinder finder(image, layout, shape, element_size);
  if (finder.count() == 0) return {};
  if (layout.address == kUndefined) image.fail("a dataset's elements were never written");
  switch (layout.kind) {
    case Layout::Kind::chunked:
      finder.read_tree(layout.address, -1);
      break;
    case Layout::Kind::single_chunk:
      finder.add({.number = 0,
                  .address = layout.address,
                  .size = filtered ? layout.chunk_bytes : finder.chunk_bytes(),
                  .filter_mask = layout.filter_mask});
      break;
    default:  // implicit: the whole grid, chunk after chunk, never filtered
      if (filtered) image.fail("an implicit chunk index with filters");
      for (uint64_t i = 0; i < finder.count(); ++i) {
        uint64_t offset;
        if (__builtin_mul_overflow(i, finder.chunk_bytes(), &offset) ||
            __builtin_add_overflow(offset, layout.address, &offset))
          image.fail("a chunk lies outside the file");
        finder.add({.number = i, .address = offset, .size = finder.chunk_bytes()});
      }
  }
  return finder.finish();
}

}  // namespace hornbeam::hdf5
