// From the runtime's loop to callbacks.
#pragma once

#include <memory>
#include <vector>

#include <hornbeam/callback.h>
#include <hornbeam/model.h>
#include <hornbeam/runtime/fit/loop.h>

namespace hornbeam {

// As callbacks and users get them.
Logs to_logs(const runtime::LogValues& values);

// Tells callbacks what the loop tells, and the loop when a callback set model.stop_training().
class Observer : public runtime::FitObserver {
 public:
  Observer(Model& model, std::vector<std::shared_ptr<Callback>> callbacks, runtime::StopFlags& stop)
      : model_(model), callbacks_(std::move(callbacks)), stop_(stop) {}

  void set_params(const CallbackParams& params);
  History history;
  // The plan's, if a callback may change it as training begins.
  int64_t* initial_epoch = nullptr;

  void on_train_begin() override;
  void on_train_end(const runtime::Logs& logs) override;
  void on_epoch_begin(int64_t epoch) override;
  void on_epoch_end(int64_t epoch, const runtime::Logs& logs) override;
  void on_train_batch_begin(int64_t step) override;
  void on_train_batch_end(int64_t step, const runtime::Logs& logs) override;
  void on_test_begin() override;
  void on_test_end(const runtime::Logs& logs) override;
  void on_test_batch_begin(int64_t step) override;
  void on_test_batch_end(int64_t step, const runtime::Logs& logs) override;
  void on_predict_begin() override;
  void on_predict_end() override;
  void on_predict_batch_begin(int64_t step) override;
  void on_predict_batch_end(int64_t step, const std::function<std::vector<Array>()>& outputs) override;

 private:
  template <class F>
  void each(F call);
  template <class F>
  void each_with_logs(const runtime::Logs& logs, bool batch, F call);

  Model& model_;
  std::vector<std::shared_ptr<Callback>> callbacks_;
  runtime::StopFlags& stop_;
};

// The callbacks of one run: the caller's, and the progress bar if it is wanted and not among them.
std::vector<std::shared_ptr<Callback>> prepare_callbacks(const std::vector<CallbackHandle>& given, Model& model,
                                                         const CallbackParams& params);

}  // namespace hornbeam
