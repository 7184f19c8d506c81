// A training plan over the tracing program, and an observer that writes down what it hears.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <hornbeam/runtime/fit/loop.h>

#include "test/runtime/program_support.h"

namespace hornbeam::runtime {

// Events as "batch_end 2 count=12": hook, index, and the log `count` where there are logs.
class RecordingObserver : public FitObserver {
 public:
  std::vector<std::string> events;
  std::map<int64_t, LogValues> history;  // epoch → logs
  std::map<std::string, std::function<void()>> hooks;

  // Calls `action` whenever an event that begins with `event` has been written down.
  void at(const std::string& event, std::function<void()> action) { hooks[event] = std::move(action); }
  // The batch events only.
  std::vector<std::string> batches() const;
  int count(const std::string& begin) const;

  void on_train_begin() override { note("train_begin"); }
  void on_train_end(const Logs& logs) override { note("train_end" + text(logs)); }
  void on_epoch_begin(int64_t epoch) override { note("epoch_begin " + std::to_string(epoch)); }
  void on_epoch_end(int64_t epoch, const Logs& logs) override;
  void on_train_batch_begin(int64_t step) override { note("batch_begin " + std::to_string(step)); }
  void on_train_batch_end(int64_t step, const Logs& logs) override {
    note("batch_end " + std::to_string(step) + text(logs));
  }
  void on_test_begin() override { note("test_begin"); }
  void on_test_end(const Logs& logs) override { note("test_end" + text(logs)); }
  void on_test_batch_begin(int64_t step) override { note("test_batch_begin " + std::to_string(step)); }
  void on_test_batch_end(int64_t step, const Logs& logs) override {
    note("test_batch_end " + std::to_string(step) + text(logs));
  }
  void on_predict_begin() override { note("predict_begin"); }
  void on_predict_end() override { note("predict_end"); }
  void on_predict_batch_begin(int64_t step) override { note("predict_batch_begin " + std::to_string(step)); }
  void on_predict_batch_end(int64_t step, const std::function<std::vector<Array>()>& outputs) override {
    note("predict_batch_end " + std::to_string(step) + " rows=" + std::to_string(outputs()[0].shape()[0]));
  }

 private:
  void note(std::string event);
  static std::string text(const Logs& logs);
};

// The tracing program with the entries that `rows` rows in batches of `batch_size` need, its state, and a plan for it.
class Training {
 public:
  Training(int64_t rows, int64_t batch_size, std::shared_ptr<Device> device = cpu_device());

  FitResult fit() { return run_fit(plan, observer); }
  void add_validation(int64_t rows, int64_t batch_size, int64_t steps_per_execution);
  // A job of `kind` ("train", "evaluate", "predict") over data of its own.
  Job job(const std::string& kind, int64_t rows, int64_t batch_size);
  // The ids of the rows trained on, in order.
  std::vector<int64_t> seen() const;
  LogValues logs() const;

  std::shared_ptr<Device> device;
  State state;
  StopFlags stop;
  RecordingObserver observer;
  FitPlan plan;

 private:
  std::vector<std::unique_ptr<Executable>> others_;
};

}  // namespace hornbeam::runtime
