// BackupAndRestore: a training that was cut off, by a crash or a kill, goes on where it was when `fit` is called again.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <hornbeam/callback.h>
#include <hornbeam/callbacks/frequency.h>

namespace hornbeam::callbacks {

struct BackupAndRestoreOptions {
  std::string backup_dir;          // a folder for this training alone; made if missing
  Frequency save_freq = "epoch";   // or a number of batches; fused steps are looked at after each group
  bool double_checkpoint = false;  // keep the backup before the last one too, for when the last cannot be read
  bool delete_checkpoint = true;   // remove the backup when training has ended
};

// Backs up weights, optimizer and seed generators with the epoch that comes next. As training begins, a backup that is
// there is brought back, and training goes on with its epoch: with a fixed seed the weights at the end are, bit for
// bit, those of a training that was never cut off. A backup made inside an epoch is followed by that epoch from its
// start, as in Keras. Whenever it is killed, the folder holds a whole backup: the weights have a file of their own,
// which training_metadata.json names once it is complete. Throws ValueError for an empty folder name, IOError if the
// folder cannot be written or a backup cannot be read. A copy is the same callback.
class BackupAndRestore : public Callback {
 public:
  explicit BackupAndRestore(BackupAndRestoreOptions options);

  void on_train_begin(const Logs& logs) override;
  void on_epoch_begin(int64_t epoch, const Logs& logs) override;
  void on_epoch_end(int64_t epoch, const Logs& logs) override;
  void on_train_batch_end(int64_t batch, const Logs& logs) override;
  void on_train_end(const Logs& logs) override;
  bool needs_batch_logs() const override { return false; }

 private:
  void save(int64_t epoch, int64_t batch);
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hornbeam::callbacks
