// Callbacks: what fit, evaluate and predict call as they go, with all of Keras' hooks. An exception from a hook ends the
// loop after the running call; the weights stay as of that call, and fit throws it on unchanged.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <hornbeam/history.h>

namespace hornbeam {

class Model;

struct CallbackParams {
  int verbose = 0;
  int64_t epochs = 1;
  std::optional<int64_t> steps = {};  // batches an epoch
};

class Callback {
 public:
  virtual ~Callback() = default;

  virtual void set_params(const CallbackParams& params) { params_ = params; }
  virtual void set_model(Model* model) { model_ = model; }

  virtual void on_train_begin(const Logs& logs) {}
  virtual void on_train_end(const Logs& logs) {}
  virtual void on_epoch_begin(int64_t epoch, const Logs& logs) {}
  virtual void on_epoch_end(int64_t epoch, const Logs& logs) {}
  // Just before on_epoch_end: what this callback adds to the epoch's logs ("learning_rate"), for itself, those after it
  // and the history.
  virtual void add_epoch_logs(int64_t epoch, Logs& logs) {}
  // With steps_per_execution = N: begin(b) before and end(b + N - 1) after each N batches.
  virtual void on_train_batch_begin(int64_t batch, const Logs& logs) {}
  virtual void on_train_batch_end(int64_t batch, const Logs& logs) {}
  virtual void on_test_begin(const Logs& logs) {}
  virtual void on_test_end(const Logs& logs) {}
  virtual void on_test_batch_begin(int64_t batch, const Logs& logs) {}
  virtual void on_test_batch_end(int64_t batch, const Logs& logs) {}
  virtual void on_predict_begin(const Logs& logs) {}
  virtual void on_predict_end(const Logs& logs) {}
  virtual void on_predict_batch_begin(int64_t batch, const Logs& logs) {}
  virtual void on_predict_batch_end(int64_t batch, const Logs& logs) {}

  // False if no batch hook reads the logs: then metrics are not read after each call. A class that overrides a batch hook
  // need not change this; one that leaves them alone may, for speed.
  virtual bool needs_batch_logs() const { return true; }

 protected:
  Model& model() const { return *model_; }  // set from before on_train_begin; model().stop_training = true ends fit
  const CallbackParams& params() const { return params_; }

 private:
  Model* model_ = nullptr;
  CallbackParams params_;
};

// A callback in fit's options: an object (copied), a shared pointer, or std::ref of one that lives on.
class CallbackHandle {
 public:
  template <class T>
    requires std::derived_from<T, Callback>
  CallbackHandle(T callback) : callback_(std::make_shared<T>(std::move(callback))) {}
  template <class T>
    requires std::derived_from<T, Callback>
  CallbackHandle(std::shared_ptr<T> callback) : callback_(std::move(callback)) {}
  template <class T>
    requires std::derived_from<T, Callback>
  CallbackHandle(std::reference_wrapper<T> callback) : callback_(std::shared_ptr<Callback>(), &callback.get()) {}

  Callback& operator*() const { return *callback_; }
  Callback* operator->() const { return callback_.get(); }
  const std::shared_ptr<Callback>& pointer() const { return callback_; }

 private:
  std::shared_ptr<Callback> callback_;
};

}  // namespace hornbeam
