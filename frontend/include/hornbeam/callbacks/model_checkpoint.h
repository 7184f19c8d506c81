// ModelCheckpoint: saves the model, or its weights, as training goes on.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <hornbeam/callback.h>
#include <hornbeam/callbacks/frequency.h>

namespace hornbeam::callbacks {

struct ModelCheckpointOptions {
  // May hold values, as Python formats them: "{epoch:02d}-{val_loss:.2f}.keras" (epochs and batches are counted from
  // 1). Ends with .keras or .h5, or with .weights.h5 where only weights are saved.
  std::string filepath;
  std::string monitor = "val_loss";  // a name in the logs
  int verbose = 0;                   // 1 prints when it acts
  bool save_best_only = false;       // save only when the monitored value is better than ever
  bool save_weights_only = false;
  std::string mode = "auto";      // "min", "max", or "auto": by the name of the monitored value
  Frequency save_freq = "epoch";  // or a number of batches; fused steps are looked at after each group
  std::optional<double> initial_value_threshold = {};  // what the first value has to beat
};

// Folders that are missing are made; a file that is there is replaced as a whole. If the monitored value is not in the
// logs, it warns and saves.
// Throws ValueError for another ending or an unknown mode, and when it saves if the path names a value that is not
// there; IOError if a file cannot be written. A copy is the same callback.
class ModelCheckpoint : public Callback {
 public:
  explicit ModelCheckpoint(ModelCheckpointOptions options);

  void on_epoch_begin(int64_t epoch, const Logs& logs) override;
  void on_epoch_end(int64_t epoch, const Logs& logs) override;
  void on_train_batch_end(int64_t batch, const Logs& logs) override;
  bool needs_batch_logs() const override;

  std::optional<double> best() const;  // the best value so far, where only the best is saved

 private:
  void save(int64_t epoch, std::optional<int64_t> batch, const Logs& logs);
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hornbeam::callbacks
