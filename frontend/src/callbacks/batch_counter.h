// Counts batches over epochs and fused steps, for callbacks that act every so many.
#pragma once

#include <cstdint>

#include <hornbeam/callbacks/frequency.h>

namespace hornbeam::callbacks {

class BatchCounter {
 public:
  explicit BatchCounter(Frequency frequency) : frequency_(frequency) {}
  const Frequency& frequency() const { return frequency_; }
  void reset() {
    last_ = -1;
    seen_ = 0;
  }
  // Told the index that on_train_batch_end was given: true if as many batches as the frequency have passed since it was
  // last true. Fused steps are looked at after each group only. Never under "epoch".
  bool is_due(int64_t batch);

 private:
  Frequency frequency_;
  int64_t last_ = -1;
  int64_t seen_ = 0;
};

}  // namespace hornbeam::callbacks
