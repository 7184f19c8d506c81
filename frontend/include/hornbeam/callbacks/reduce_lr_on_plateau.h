// ReduceLROnPlateau: lowers the learning rate when a monitored value has stopped improving.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <hornbeam/callback.h>

namespace hornbeam::callbacks {

struct ReduceLROnPlateauOptions {
  std::string monitor = "val_loss";  // a name in the epoch's logs
  double factor = 0.1;               // the new rate is the old one times this; below 1
  int64_t patience = 10;             // epochs without improvement before the rate is lowered
  int verbose = 0;                   // 1 prints when it acts
  std::string mode = "auto";         // "min", "max", or "auto": by the name of the monitored value
  double min_delta = 1e-4;           // a change of at most this much is no improvement
  int64_t cooldown = 0;              // epochs after a reduction that are not counted
  double min_lr = 0.0;               // no lower rate than this
};

// Adds the rate of the epoch to its logs as "learning_rate". If the monitored value is not in the logs, it warns and
// does nothing. Throws ValueError for a factor of 1 or more or an unknown mode, and in fit if the optimizer has a
// schedule. A copy is the same callback.
class ReduceLROnPlateau : public Callback {
 public:
  explicit ReduceLROnPlateau(ReduceLROnPlateauOptions options = {});

  void on_train_begin(const Logs& logs) override;
  void add_epoch_logs(int64_t epoch, Logs& logs) override;
  void on_epoch_end(int64_t epoch, const Logs& logs) override;
  bool needs_batch_logs() const override { return false; }

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hornbeam::callbacks
