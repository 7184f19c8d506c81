#include "frontend/src/model/observer.h"

#include <hornbeam/callbacks/progbar_logger.h>

#include "frontend/src/interrupt.h"
#include "frontend/src/model/model_state.h"

namespace hornbeam {
namespace {

Logs to_logs(const runtime::Logs& from) { return hornbeam::to_logs(from.values()); }

}  // namespace

Logs to_logs(const runtime::LogValues& values) {
  Logs logs;
  for (const auto& [name, value] : values) {
    if (value.elements.empty())
      logs.set(name, value);
    else
      logs.set(name, value.elements);
  }
  return logs;
}

template <class F>
void Observer::each(F call) {
  for (const auto& callback : callbacks_) call(*callback);
  if (model_.stop_training()) stop_.training.store(true, std::memory_order_relaxed);
}

// Logs of a batch are read from the device only if a callback looks at them.
template <class F>
void Observer::each_with_logs(const runtime::Logs& from, bool batch, F call) {
  Logs none, logs;
  bool read = false;
  each([&](Callback& callback) {
    if (batch && !callback.needs_batch_logs()) return call(callback, none);
    if (!read) logs = to_logs(from);
    read = true;
    call(callback, logs);
  });
}

void Observer::set_params(const CallbackParams& params) {
  for (const auto& callback : callbacks_) callback->set_params(params);
}

void Observer::on_train_begin() {
  std::optional<int64_t>& resumed = model_.model_state()->resumed_epoch;
  resumed.reset();
  each([](Callback& c) { c.on_train_begin({}); });
  if (resumed && initial_epoch) *initial_epoch = *resumed;
}
void Observer::on_train_end(const runtime::Logs& logs) {
  // The moving averages become the weights, where an optimizer keeps some.
  if (model_.optimizer()->built()) model_.optimizer()->finalize_variable_values();
  for (const Optimizer& optimizer : model_.tracked_optimizers())
    if (optimizer->built()) optimizer->finalize_variable_values();
  each_with_logs(logs, false, [](Callback& c, const Logs& l) { c.on_train_end(l); });
}
void Observer::on_epoch_begin(int64_t epoch) {
  each([&](Callback& c) { c.on_epoch_begin(epoch, {}); });
}
void Observer::on_epoch_end(int64_t epoch, const runtime::Logs& logs) {
  // A callback that sets model.stop_training here ends training after this epoch. As in Keras the history comes last, so
  // it has what callbacks added.
  Logs all = to_logs(logs);
  each([&](Callback& c) {
    c.add_epoch_logs(epoch, all);
    c.on_epoch_end(epoch, all);
  });
  history.append(epoch, all);
}
void Observer::on_train_batch_begin(int64_t step) {
  each([&](Callback& c) { c.on_train_batch_begin(step, {}); });
}
void Observer::on_train_batch_end(int64_t step, const runtime::Logs& logs) {
  each_with_logs(logs, true, [&](Callback& c, const Logs& l) { c.on_train_batch_end(step, l); });
  check_interrupt();
}
void Observer::on_test_begin() {
  each([](Callback& c) { c.on_test_begin({}); });
}
void Observer::on_test_end(const runtime::Logs& logs) {
  each_with_logs(logs, false, [](Callback& c, const Logs& l) { c.on_test_end(l); });
}
void Observer::on_test_batch_begin(int64_t step) {
  each([&](Callback& c) { c.on_test_batch_begin(step, {}); });
}
void Observer::on_test_batch_end(int64_t step, const runtime::Logs& logs) {
  each_with_logs(logs, true, [&](Callback& c, const Logs& l) { c.on_test_batch_end(step, l); });
  check_interrupt();
}
void Observer::on_predict_begin() {
  each([](Callback& c) { c.on_predict_begin({}); });
}
void Observer::on_predict_end() {
  each([](Callback& c) { c.on_predict_end({}); });
}
void Observer::on_predict_batch_begin(int64_t step) {
  each([&](Callback& c) { c.on_predict_batch_begin(step, {}); });
}
void Observer::on_predict_batch_end(int64_t step, const std::function<std::vector<Array>()>&) {
  each([&](Callback& c) { c.on_predict_batch_end(step, {}); });
  check_interrupt();
}

std::vector<std::shared_ptr<Callback>> prepare_callbacks(const std::vector<CallbackHandle>& given, Model& model,
                                                         const CallbackParams& params) {
  std::vector<std::shared_ptr<Callback>> callbacks;
  bool has_bar = false;
  for (const CallbackHandle& handle : given) {
    callbacks.push_back(handle.pointer());
    has_bar |= dynamic_cast<callbacks::ProgbarLogger*>(handle.pointer().get()) != nullptr;
  }
  if (params.verbose != 0 && !has_bar) callbacks.push_back(std::make_shared<callbacks::ProgbarLogger>());
  for (const auto& callback : callbacks) {
    callback->set_model(&model);
    callback->set_params(params);
  }
  return callbacks;
}

}  // namespace hornbeam
