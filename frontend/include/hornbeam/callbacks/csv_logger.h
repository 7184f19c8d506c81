// CSVLogger: writes a line of metrics per epoch to a file.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <hornbeam/callback.h>

namespace hornbeam::callbacks {

struct CSVLoggerOptions {
  std::string filename;         // as in "run/log.csv"; its folder must exist
  std::string separator = ",";  // one character
  bool append = false;          // true: goes on after what the file has, without a second header
};

// The columns are "epoch" and the metrics' names in alphabetical order; a fit without validation gets empty val_ columns
// ("NA"), so that a later one can append to the file. Numbers are written as Python writes them, lines end with \r\n, and
// each line is on disk when its epoch ends.
// Throws ValueError if the separator is not one character or no filename is given, IOError if the file cannot be written.
// A copy is the same callback.
class CSVLogger : public Callback {
 public:
  explicit CSVLogger(CSVLoggerOptions options);

  void on_train_begin(const Logs& logs) override;
  void on_epoch_end(int64_t epoch, const Logs& logs) override;
  void on_train_end(const Logs& logs) override;
  bool needs_batch_logs() const override { return false; }

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hornbeam::callbacks
