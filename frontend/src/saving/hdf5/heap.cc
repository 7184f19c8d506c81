// Local and global heaps, and the strings in them.
#include "frontend/src/saving/hdf5/heap.h"

#include <algorithm>

namespace hornbeam::hdf5 {

LocalHeap::LocalHeap(const Image& image, uint64_t address) : image_(image) {
  Cursor cursor = image.cursor(address, "local heap");
  cursor.expect("HEAP");
  if (uint8_t version = cursor.u8(); version != 0)
    cursor.fail("version " + std::to_string(version) + " is not supported");
  cursor.skip(3);
  uint64_t size = image.length(cursor);
  image.length(cursor);  // free list
  data_ = image.slice(image.address(cursor), size, "local heap's data");
  image.charge(size);
  left_ = size;
}

std::string LocalHeap::text(uint64_t offset) {
  if (offset >= data_.size()) image_.fail("a name lies outside its local heap");
  Span rest = data_.subspan(offset);
  auto end = std::find(rest.begin(), rest.end(), uint8_t{0});
  if (end == rest.end()) image_.fail("a name in a local heap has no end");
  uint64_t bytes = static_cast<uint64_t>(end - rest.begin()) + 1;
  if (bytes > left_) image_.fail("names in a local heap overlap");
  left_ -= bytes;
  return std::string(rest.begin(), end);
}

Span GlobalHeap::object(uint64_t collection, uint32_t index) {
  auto found = collections_.find(collection);
  if (found == collections_.end()) found = collections_.emplace(collection, parse(collection)).first;
  auto object = found->second.find(index);
  if (object == found->second.end()) image_.fail("a global heap has no object " + std::to_string(index));
  return object->second;
}

std::map<uint32_t, Span> GlobalHeap::parse(uint64_t address) const {
  Cursor head = image_.cursor(address, "global heap");
  head.expect("GCOL");
  if (uint8_t version = head.u8(); version != 1) head.fail("version " + std::to_string(version) + " is not supported");
  head.skip(3);
  uint64_t size = image_.length(head);
  Cursor cursor = image_.cursor(address, size, "global heap");
  cursor.skip(head.position());
  image_.charge(size);
  std::map<uint32_t, Span> objects;
  while (cursor.left() >= 8 + static_cast<size_t>(image_.length_size())) {
    uint16_t index = cursor.u16();
    cursor.skip(2 + 4);  // reference count, reserved
    uint64_t bytes = image_.length(cursor);
    if (index == 0) break;  // the free space at the end
    Span object = cursor.take(bytes);
    if (!objects.emplace(index, object).second) cursor.fail("two objects have the number " + std::to_string(index));
    cursor.skip(std::min<uint64_t>((8 - bytes % 8) % 8, cursor.left()));
  }
  return objects;
}

std::vector<std::string> read_variable_strings(const Image& image, GlobalHeap& heap, Span data, uint64_t count) {
  Cursor cursor(data, image.name(), "strings");
  uint64_t left = image.size();  // the strings of one list do not share bytes
  std::vector<std::string> texts;
  texts.reserve(std::min<uint64_t>(count, data.size() / 8));
  for (uint64_t i = 0; i < count; ++i) {
    uint32_t bytes = cursor.u32();
    uint64_t collection = image.address(cursor);
    uint32_t index = cursor.u32();
    if (bytes == 0) {
      texts.emplace_back();
      continue;
    }
    Span object = heap.object(collection, index);
    if (bytes > object.size()) cursor.fail("one is longer than its place in the global heap");
    if (bytes > left) cursor.fail("several of them are the same bytes");
    left -= bytes;
    std::string text(object.begin(), object.begin() + bytes);
    if (!text.empty() && text.back() == '\0') text.pop_back();  // the C library's terminator, where it was stored
    texts.push_back(std::move(text));
  }
  return texts;
}

std::vector<std::string> read_fixed_strings(Span data, uint64_t count, uint32_t size, uint8_t padding) {
  std::vector<std::string> texts;
  texts.reserve(count);
  for (uint64_t i = 0; i < count; ++i) {
    Span piece = data.subspan(i * size, size);
    size_t end = piece.size();
    if (padding == 0)
      end = std::find(piece.begin(), piece.end(), uint8_t{0}) - piece.begin();
    else
      while (end > 0 && piece[end - 1] == (padding == 2 ? ' ' : '\0')) --end;
    texts.emplace_back(piece.begin(), piece.begin() + end);
  }
  return texts;
}

}  // namespace hornbeam::hdf5
