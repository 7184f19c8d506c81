// HDF5's two heaps: local ones hold a group's names, global ones strings of variable length.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "frontend/src/saving/hdf5/image.h"

namespace hornbeam::hdf5 {

// The names of one old-style group.
class LocalHeap {
 public:
  LocalHeap(const Image& image, uint64_t address);
  // The text at `offset`. Names do not overlap in a sound file, so all that are read together fit the heap.
  std::string text(uint64_t offset);

 private:
  const Image& image_;
  Span data_;
  uint64_t left_;
};

// The collections of a file's global heap, each parsed once.
class GlobalHeap {
 public:
  explicit GlobalHeap(const Image& image) : image_(image) {}
  Span object(uint64_t collection, uint32_t index);

 private:
  std::map<uint32_t, Span> parse(uint64_t address) const;

  const Image& image_;
  std::map<uint64_t, std::map<uint32_t, Span>> collections_;
};

// Reads `count` references to strings of variable length that stand in `data`.
std::vector<std::string> read_variable_strings(const Image& image, GlobalHeap& heap, Span data, uint64_t count);

// Reads `count` strings of `size` bytes each, without their padding.
std::vector<std::string> read_fixed_strings(Span data, uint64_t count, uint32_t size, uint8_t padding);

}  // namespace hornbeam::hdf5
