// TerminateOnNaN: ends training when the loss is no longer a finite number.
#pragma once

#include <cstdint>

#include <hornbeam/callback.h>

namespace hornbeam::callbacks {

struct TerminateOnNaNOptions {
  bool raise_error = false;  // throw hornbeam::Error instead of ending training in the normal way
};

// Looks at the loss after each call of the train step; with steps_per_execution = N that is after every N batches. The
// loss is the epoch's running mean, as in the logs, so one infinite batch is enough.
class TerminateOnNaN : public Callback {
 public:
  explicit TerminateOnNaN(TerminateOnNaNOptions options = {}) : options_(options) {}
  void on_train_batch_end(int64_t batch, const Logs& logs) override;

 private:
  TerminateOnNaNOptions options_;
};

}  // namespace hornbeam::callbacks
