// How often a callback acts: at the end of every epoch, or every so many batches.
#pragma once

#include <cstdint>

namespace hornbeam::callbacks {

// "epoch", a number of batches, or "batch" for 1. Throws ValueError for another word or a number below 1.
class Frequency {
 public:
  Frequency(const char* word);
  Frequency(int64_t batches);
  Frequency(int batches) : Frequency(static_cast<int64_t>(batches)) {}

  bool is_epoch() const { return batches_ == 0; }
  int64_t batches() const { return batches_; }  // 0 for "epoch"

 private:
  int64_t batches_ = 0;
};

}  // namespace hornbeam::callbacks
