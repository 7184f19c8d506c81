// TensorBoard: writes what TensorBoard shows, in its event files.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <hornbeam/callback.h>
#include <hornbeam/callbacks/frequency.h>

namespace hornbeam::callbacks {

// Which batches of a fit are profiled, counted from 1: none (0), one, or from one to another. Throws ValueError for negative
// numbers, and where the last comes before the first.
class ProfileBatch {
 public:
  ProfileBatch(int64_t batch) : ProfileBatch(batch, batch) {}
  ProfileBatch(int batch) : ProfileBatch(batch, batch) {}
  ProfileBatch(int64_t first, int64_t last);
  int64_t first() const { return first_; }  // 0: none
  int64_t last() const { return last_; }

 private:
  int64_t first_, last_;
};

struct TensorBoardOptions {
  std::string log_dir = "logs";         // training goes to log_dir/train, validation to log_dir/validation
  int64_t histogram_freq = 0;           // a histogram of each weight every so many epochs; 0: none
  bool write_graph = true;              // the layers of a functional or sequential model
  bool write_images = false;            // with histograms: weights as pictures, too
  bool write_steps_per_second = false;  // how fast the steps of an epoch (and of a batch) were
  Frequency update_freq = "epoch";  // or every so many batches too, as batch_loss, …; fused steps count as one batch
  ProfileBatch profile_batch = 0;   // where the time of these batches goes; see profile.h
};

// After each epoch epoch_loss, epoch_accuracy, … of training, with epoch_learning_rate, and of validation; after each
// evaluation evaluation_loss_vs_iterations, …. The names and folders are those of Keras' callback. A profile is written as
// a table by layer (among the texts, "profile") and as a trace, log_dir/train/plugins/profile/TIME/HOST.trace.json.gz, which
// TensorBoard's profile plugin, Perfetto and chrome://tracing open.
// Throws ValueError for a negative frequency, IOError if a file cannot be written. A copy is the same callback.
class TensorBoard : public Callback {
 public:
  explicit TensorBoard(TensorBoardOptions options = {});

  void on_train_begin(const Logs& logs) override;
  void on_train_end(const Logs& logs) override;
  void on_epoch_begin(int64_t epoch, const Logs& logs) override;
  void on_epoch_end(int64_t epoch, const Logs& logs) override;
  void on_train_batch_begin(int64_t batch, const Logs& logs) override;
  void on_train_batch_end(int64_t batch, const Logs& logs) override;
  void on_test_end(const Logs& logs) override;
  bool needs_batch_logs() const override;

 private:
  friend struct TensorBoardAccess;
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hornbeam::callbacks
