// What the loops tell as they run: Keras' callback hooks, without models or callbacks.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <hornbeam/base/array.h>

namespace hornbeam::runtime {

// A metric's result: a number, or, of a metric with a result for each class, those and their mean.
struct LogNumber {
  LogNumber(double value) : value(value) {}
  explicit LogNumber(std::vector<double> elements);
  operator double() const { return value; }
  friend bool operator==(const LogNumber&, const LogNumber&) = default;

  double value = 0;
  std::vector<double> elements = {};  // empty of a number
};

using LogValues = std::vector<std::pair<std::string, LogNumber>>;  // in Keras' order

// The logs of a hook. They are read from the state only if somebody asks, and once. Valid during the hook only.
class Logs {
 public:
  explicit Logs(const std::function<LogValues()>& read) : read_(&read) {}
  explicit Logs(LogValues values) : values_(std::move(values)), is_read_(true) {}
  Logs(const Logs&) = delete;
  Logs& operator=(const Logs&) = delete;

  const LogValues& values() const {
    if (!is_read_) {
      if (*read_) values_ = (*read_)();
      is_read_ = true;
    }
    return values_;
  }

 private:
  const std::function<LogValues()>* read_ = nullptr;
  mutable LogValues values_;
  mutable bool is_read_ = false;
};

// Hooks are called between program calls, on the thread that called run_fit, in Keras' order. What a hook throws ends
// the loop at once, with the state as of the last call, and reaches the caller of the loop unchanged.
class FitObserver {
 public:
  virtual ~FitObserver() = default;

  virtual void on_train_begin() {}
  virtual void on_train_end(const Logs&) {}  // the last epoch's logs
  virtual void on_epoch_begin(int64_t epoch) {}
  virtual void on_epoch_end(int64_t epoch, const Logs&) {}
  // `step` of a batch's end is begin + steps_per_execution - 1, also where fewer steps were left.
  virtual void on_train_batch_begin(int64_t step) {}
  virtual void on_train_batch_end(int64_t step, const Logs&) {}

  virtual void on_test_begin() {}
  virtual void on_test_end(const Logs&) {}
  virtual void on_test_batch_begin(int64_t step) {}
  virtual void on_test_batch_end(int64_t step, const Logs&) {}

  virtual void on_predict_begin() {}
  virtual void on_predict_end() {}
  virtual void on_predict_batch_begin(int64_t step) {}
  // The outputs of the batches just run, one array per output, sharing memory with the result; made when asked for.
  virtual void on_predict_batch_end(int64_t step, const std::function<std::vector<Array>()>& outputs) {}
};

}  // namespace hornbeam::runtime
