// LambdaCallback: a callback made of functions.
#pragma once

#include <cstdint>
#include <functional>

#include <hornbeam/callback.h>

namespace hornbeam::callbacks {

struct LambdaCallbackOptions {
  using Hook = std::function<void(const Logs& logs)>;
  using IndexedHook = std::function<void(int64_t index, const Logs& logs)>;  // the epoch or the batch, from 0

  IndexedHook on_epoch_begin = {};
  IndexedHook on_epoch_end = {};
  Hook on_train_begin = {};
  Hook on_train_end = {};
  IndexedHook on_train_batch_begin = {};
  IndexedHook on_train_batch_end = {};
  Hook on_test_begin = {};
  Hook on_test_end = {};
  IndexedHook on_test_batch_begin = {};
  IndexedHook on_test_batch_end = {};
  Hook on_predict_begin = {};
  Hook on_predict_end = {};
  IndexedHook on_predict_batch_begin = {};
  IndexedHook on_predict_batch_end = {};
};

// Calls the functions that were given; the other hooks do nothing.
class LambdaCallback : public Callback {
 public:
  explicit LambdaCallback(LambdaCallbackOptions options);

  void on_epoch_begin(int64_t epoch, const Logs& logs) override;
  void on_epoch_end(int64_t epoch, const Logs& logs) override;
  void on_train_begin(const Logs& logs) override;
  void on_train_end(const Logs& logs) override;
  void on_train_batch_begin(int64_t batch, const Logs& logs) override;
  void on_train_batch_end(int64_t batch, const Logs& logs) override;
  void on_test_begin(const Logs& logs) override;
  void on_test_end(const Logs& logs) override;
  void on_test_batch_begin(int64_t batch, const Logs& logs) override;
  void on_test_batch_end(int64_t batch, const Logs& logs) override;
  void on_predict_begin(const Logs& logs) override;
  void on_predict_end(const Logs& logs) override;
  void on_predict_batch_begin(int64_t batch, const Logs& logs) override;
  void on_predict_batch_end(int64_t batch, const Logs& logs) override;
  bool needs_batch_logs() const override;

 private:
  LambdaCallbackOptions options_;
};

}  // namespace hornbeam::callbacks
