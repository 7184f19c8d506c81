// Checked access to an HDF5 file's bytes, and its superblock.
#include "frontend/src/saving/hdf5/image.h"

#include <algorithm>

#include <hornbeam/base/error.h>

#include "frontend/src/saving/hdf5/checksum.h"
#include "frontend/src/saving/printable.h"

namespace hornbeam::hdf5 {
namespace {

constexpr std::string_view kSignature = "\x89HDF\r\n\x1a\n";

[[noreturn]] void damaged(const std::string& file, const std::string& problem) {
  throw IOError(file + ": not a file that can be read as HDF5: " + problem);
}

}  // namespace

Span Cursor::take(uint64_t count) {
  if (count > left()) fail("it ends after " + std::to_string(bytes_.size()) + " bytes, in the middle of a field");
  Span piece = bytes_.subspan(at_, count);
  at_ += count;
  return piece;
}

uint64_t Cursor::uint(int width) {
  Span piece = take(width);
  uint64_t value = 0;
  for (int i = width; i-- > 0;) value = value << 8 | piece[i];
  return value;
}

std::string Cursor::zero_terminated() {
  auto rest = bytes_.subspan(at_);
  auto end = std::find(rest.begin(), rest.end(), uint8_t{0});
  if (end == rest.end()) fail("a text in it has no end");
  std::string text(rest.begin(), end);
  at_ += text.size() + 1;
  return text;
}

void Cursor::expect(std::string_view signature) {
  Span found = take(signature.size());
  if (!std::equal(found.begin(), found.end(), signature.begin(),
                  [](uint8_t a, char b) { return a == static_cast<uint8_t>(b); }))
    fail("it does not start with \"" + std::string(signature) + "\"");
}

void Cursor::fail(const std::string& problem) const { damaged(*file_, std::string(what_) + ": " + problem); }

Image::Image(Span bytes, std::string name) : bytes_(bytes), name_(std::move(name)) {
  if (bytes.size() < kSignature.size() || !std::equal(kSignature.begin(), kSignature.end(), bytes.begin(),
                                                      [](char a, uint8_t b) { return static_cast<uint8_t>(a) == b; }))
    fail("it does not start with HDF5's signature");
  budget_ = 4 * bytes.size() + 65536;
  Cursor start = cursor(0, "superblock");
  start.skip(kSignature.size());
  uint8_t version = start.u8();
  switch (version) {
    case 0:
      read_superblock_0(start);
      break;
    case 2:
    case 3:
      read_superblock_2(start);
      break;
    default:
      fail("superblock version " + std::to_string(version) + " is not supported (0, 2 and 3 are)");
  }
}

void Image::read_superblock_0(Cursor& cursor) {
  cursor.skip(4);  // versions of the free list, the root entry and shared headers; reserved
  uint8_t address_size = cursor.u8();
  set_sizes(address_size, cursor.u8());
  cursor.skip(1 + 2 + 2 + 4);  // reserved, group leaf and internal node K (capacities, not counts), flags
  uint64_t base = address(cursor);
  cursor.skip(address_size_);  // free space
  uint64_t end = address(cursor);
  cursor.skip(address_size_);  // driver information
  cursor.skip(address_size_);  // the root entry's name
  root_ = address(cursor);
  set_end(base, end);
}

void Image::read_superblock_2(Cursor& cursor) {
  uint8_t address_size = cursor.u8();
  set_sizes(address_size, cursor.u8());
  cursor.skip(1);  // flags
  uint64_t base = address(cursor);
  cursor.skip(address_size_);  // extension
  uint64_t end = address(cursor);
  root_ = address(cursor);
  Span covered = slice(0, cursor.position(), "superblock");
  if (cursor.u32() != lookup3(covered)) fail("the superblock's checksum does not match");
  set_end(base, end);
}

void Image::set_sizes(uint8_t address_size, uint8_t length_size) {
  auto good = [](uint8_t size) { return size == 4 || size == 8; };
  if (!good(address_size) || !good(length_size))
    fail("addresses of " + std::to_string(address_size) + " bytes and lengths of " + std::to_string(length_size) +
         " bytes are not supported (4 and 8 are)");
  address_size_ = address_size;
  length_size_ = length_size;
}

void Image::set_end(uint64_t base, uint64_t end) {
  if (base != 0) fail("a user block before the data (base address " + std::to_string(base) + ") is not supported");
  if (end > bytes_.size())
    fail("it says that it has " + std::to_string(end) + " bytes, but " + std::to_string(bytes_.size()) +
         " are there: it is cut off");
  bytes_ = bytes_.first(end);
}

Span Image::slice(uint64_t address, uint64_t length, std::string_view what) const {
  if (address > bytes_.size() || length > bytes_.size() - address)
    fail(std::string(what) + " at byte " + std::to_string(address) + " would reach beyond the file's " +
         std::to_string(bytes_.size()) + " bytes");
  return bytes_.subspan(address, length);
}

Cursor Image::cursor(uint64_t address, uint64_t length, std::string_view what) const {
  return Cursor(slice(address, length, what), name_, what);
}

Cursor Image::cursor(uint64_t address, std::string_view what) const {
  return cursor(address, address <= bytes_.size() ? bytes_.size() - address : 0, what);
}

uint64_t Image::address(Cursor& cursor) const {
  uint64_t value = cursor.uint(address_size_);
  if (address_size_ == 4 && value == 0xffffffffu) return kUndefined;
  return value;
}

uint64_t Image::length(Cursor& cursor) const { return cursor.uint(length_size_); }

void Image::charge(uint64_t bytes) const {
  if (bytes > budget_) fail("its parts refer to the same bytes again and again");
  budget_ -= bytes;
}

void Image::fail(const std::string& problem) const { damaged(name_, problem); }

}  // namespace hornbeam::hdf5
