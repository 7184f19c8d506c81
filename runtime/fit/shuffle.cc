// The order of rows in one pass over the data.
#include <algorithm>
#include <array>
#include <numeric>

#include <hornbeam/base/philox.h>
#include <hornbeam/runtime/fit/loop.h>

namespace hornbeam::runtime {
namespace {

// Random words for one (seed, epoch), made in blocks so that the compiler can vectorize Philox.
class Words {
 public:
  Words(uint64_t seed, int64_t epoch)
      : key_{static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)},
        epoch_{static_cast<uint32_t>(epoch), static_cast<uint32_t>(static_cast<uint64_t>(epoch) >> 32)} {}

  uint32_t next() {
    if (used_ == words_.size()) fill();
    return words_[used_++];
  }

  // Uniform in [0, bound), without bias. Lemire, "Fast random integer generation in an interval", 2019.
  uint64_t below(uint64_t bound) {
    return bound <= UINT32_MAX ? below_32(static_cast<uint32_t>(bound)) : below_64(bound);
  }

 private:
  static constexpr uint32_t kShuffle = 0x73687566;  // keeps these numbers apart from others that use the same seed

  void fill() {
    constexpr size_t kBlocks = kWords / 4;
    for (size_t i = 0; i < kBlocks; ++i) {
      uint64_t block = block_ + i;
      auto words = philox4x32(
          {static_cast<uint32_t>(block), kShuffle ^ static_cast<uint32_t>(block >> 32), epoch_[0], epoch_[1]}, key_);
      for (size_t j = 0; j < 4; ++j) words_[4 * i + j] = words[j];
    }
    block_ += kBlocks;
    used_ = 0;
  }

  uint64_t below_32(uint32_t bound) {
    uint64_t product = uint64_t{next()} * bound;
    if (static_cast<uint32_t>(product) < bound) {
      uint32_t rejected = -bound % bound;
      while (static_cast<uint32_t>(product) < rejected) product = uint64_t{next()} * bound;
    }
    return product >> 32;
  }

  uint64_t next_64() {
    uint64_t low = next();
    return low | uint64_t{next()} << 32;
  }
  uint64_t below_64(uint64_t bound) {
    using Wide = unsigned __int128;
    Wide product = static_cast<Wide>(next_64()) * bound;
    if (static_cast<uint64_t>(product) < bound) {
      uint64_t rejected = -bound % bound;
      while (static_cast<uint64_t>(product) < rejected) product = static_cast<Wide>(next_64()) * bound;
    }
    return static_cast<uint64_t>(product >> 64);
  }

  static constexpr size_t kWords = 256;
  std::array<uint32_t, 2> key_;
  std::array<uint32_t, 2> epoch_;
  uint64_t block_ = 0;
  std::array<uint32_t, kWords> words_;
  size_t used_ = kWords;
};

}  // namespace

void shuffle_rows(uint64_t seed, int64_t epoch, std::span<int64_t> rows) {
  std::iota(rows.begin(), rows.end(), int64_t{0});
  Words words(seed, epoch);
  for (size_t left = rows.size(); left > 1; --left) std::swap(rows[left - 1], rows[words.below(left)]);
}

}  // namespace hornbeam::runtime
