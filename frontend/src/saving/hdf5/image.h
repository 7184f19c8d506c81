// The bytes of one HDF5 file and what its superblock says about them: the only way any other part of the reader comes
// at a byte. Every access is checked against the bytes that are there; every failure is an IOError of one line.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace hornbeam::hdf5 {

using Span = std::span<const uint8_t>;

// "No such place": an address whose bits are all set, widened to 64.
inline constexpr uint64_t kUndefined = ~uint64_t{0};

// Walks a piece of the file front to back. `what` names the piece in error texts.
class Cursor {
 public:
  Cursor(Span bytes, const std::string& file, std::string_view what) : bytes_(bytes), file_(&file), what_(what) {}

  size_t left() const { return bytes_.size() - at_; }
  size_t position() const { return at_; }
  Span take(uint64_t count);
  void skip(uint64_t count) { take(count); }
  // A little-endian unsigned number of 1 to 8 bytes.
  uint64_t uint(int width);
  uint8_t u8() { return static_cast<uint8_t>(uint(1)); }
  uint16_t u16() { return static_cast<uint16_t>(uint(2)); }
  uint32_t u32() { return static_cast<uint32_t>(uint(4)); }
  // Text up to a zero byte, which is consumed.
  std::string zero_terminated();
  // Fails unless the next bytes are `signature`.
  void expect(std::string_view signature);
  [[noreturn]] void fail(const std::string& problem) const;

 private:
  Span bytes_;
  const std::string* file_;
  std::string_view what_;
  size_t at_ = 0;
};

class Image {
 public:
  // Reads the superblock (versions 0, 2 and 3). `name` stands in error texts; the bytes outlive the image.
  Image(Span bytes, std::string name);

  // The piece [address, address + length), which must lie inside the file.
  Span slice(uint64_t address, uint64_t length, std::string_view what) const;
  Cursor cursor(uint64_t address, uint64_t length, std::string_view what) const;
  // From address to the end of the file, for structures that say their own size.
  Cursor cursor(uint64_t address, std::string_view what) const;

  // An address or a length as this file writes them; an undefined address is kUndefined.
  uint64_t address(Cursor& cursor) const;
  uint64_t length(Cursor& cursor) const;

  // Metadata are parsed once each (the results are kept), so a sound file never needs more than its own size. A file
  // whose groups and headers share bytes to make work for us runs out of this budget.
  void charge(uint64_t bytes) const;

  [[noreturn]] void fail(const std::string& problem) const;

  const std::string& name() const { return name_; }
  uint64_t size() const { return bytes_.size(); }
  uint64_t root() const { return root_; }  // address of the root group's object header
  int address_size() const { return address_size_; }
  int length_size() const { return length_size_; }

 private:
  void read_superblock_0(Cursor& cursor);
  void read_superblock_2(Cursor& cursor);
  void set_sizes(uint8_t address_size, uint8_t length_size);
  void set_end(uint64_t base, uint64_t end);

  Span bytes_;
  std::string name_;
  int address_size_ = 8;
  int length_size_ = 8;
  uint64_t root_ = kUndefined;
  mutable uint64_t budget_ = 0;
};

}  // namespace hornbeam::hdf5
