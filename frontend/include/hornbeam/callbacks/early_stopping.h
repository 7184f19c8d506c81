// EarlyStopping: ends training when a monitored value has stopped improving.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <hornbeam/callback.h>

namespace hornbeam::callbacks {

struct EarlyStoppingOptions {
  std::string monitor = "val_loss";  // a name in the epoch's logs
  double min_delta = 0;              // a change of at most this much is no improvement; its sign does not matter
  int64_t patience = 0;              // so many epochs in a row without improvement end training
  int verbose = 0;                   // 1 prints when it acts
  std::string mode = "auto";         // "min", "max", or "auto": by the name of the monitored value
  std::optional<double> baseline = {};  // an epoch that is not better than this does not restart the wait
  bool restore_best_weights = false;    // when training ends, set the weights of the best epoch monitored
  int64_t start_from_epoch = 0;         // epochs before this one are not looked at
};

// After each epoch from start_from_epoch on: better than the best so far, by more than min_delta, restarts the wait (if it
// beats the baseline too); otherwise training stops once patience epochs have passed. The first epoch never stops it. If
// the monitored value is not in the logs, it warns and does nothing.
// Throws ValueError for an unknown mode or a negative patience, and at the end of the first epoch if mode is "auto" and
// the name does not tell whether more is better. A copy is the same callback.
class EarlyStopping : public Callback {
 public:
  explicit EarlyStopping(EarlyStoppingOptions options = {});

  void on_train_begin(const Logs& logs) override;
  void on_epoch_end(int64_t epoch, const Logs& logs) override;
  void on_train_end(const Logs& logs) override;
  bool needs_batch_logs() const override { return false; }

  int64_t stopped_epoch() const;        // counted from 0; 0 if it did not stop the training
  int64_t best_epoch() const;
  std::optional<double> best() const;   // empty before the first epoch that counts

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hornbeam::callbacks
