// From strings to their numbers: a hash table that is built once and read without taking memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/data/text/fingerprint.h"

namespace hornbeam::runtime::text {

class TokenTable {
 public:
  // The numbers are those of the places in the list; of equal strings the first counts.
  explicit TokenTable(std::vector<std::string> tokens) : tokens_(std::move(tokens)) {
    size_t capacity = 16;
    while (capacity < tokens_.size() * 2) capacity *= 2;
    slots_.assign(capacity, Slot{});
    for (size_t i = 0; i < tokens_.size(); ++i) {
      uint64_t hash = farm_hash64(tokens_[i]);
      Slot& slot = slots_[place(hash, tokens_[i])];
      if (slot.number < 0) slot = {static_cast<uint32_t>(hash >> 32), static_cast<int32_t>(i)};
    }
  }

  // -1 if it is not there.
  int64_t find(std::string_view token) const { return slots_[place(farm_hash64(token), token)].number; }
  const std::vector<std::string>& tokens() const { return tokens_; }

 private:
  struct Slot {
    uint32_t check = 0;  // the hash's upper half, which spares most comparisons
    int32_t number = -1;
  };
  // The slot that holds the token, or the empty one where it belongs.
  size_t place(uint64_t hash, std::string_view token) const {
    const size_t wrap = slots_.size() - 1;
    const auto check = static_cast<uint32_t>(hash >> 32);
    for (size_t i = hash & wrap;; i = (i + 1) & wrap) {
      const Slot& slot = slots_[i];
      if (slot.number < 0 || (slot.check == check && tokens_[static_cast<size_t>(slot.number)] == token)) return i;
    }
  }

  std::vector<std::string> tokens_;
  std::vector<Slot> slots_;
};

}  // namespace hornbeam::runtime::text
