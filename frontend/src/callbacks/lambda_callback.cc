// LambdaCallback passes each hook on to its function, if there is one.
#include <hornbeam/callbacks/lambda_callback.h>

#include <utility>

namespace hornbeam::callbacks {
namespace {

void call(const LambdaCallbackOptions::Hook& hook, const Logs& logs) {
  if (hook) hook(logs);
}
void call(const LambdaCallbackOptions::IndexedHook& hook, int64_t index, const Logs& logs) {
  if (hook) hook(index, logs);
}

}  // namespace

LambdaCallback::LambdaCallback(LambdaCallbackOptions options) : options_(std::move(options)) {}

void LambdaCallback::on_epoch_begin(int64_t epoch, const Logs& logs) { call(options_.on_epoch_begin, epoch, logs); }
void LambdaCallback::on_epoch_end(int64_t epoch, const Logs& logs) { call(options_.on_epoch_end, epoch, logs); }
void LambdaCallback::on_train_begin(const Logs& logs) { call(options_.on_train_begin, logs); }
void LambdaCallback::on_train_end(const Logs& logs) { call(options_.on_train_end, logs); }
void LambdaCallback::on_train_batch_begin(int64_t batch, const Logs& logs) {
  call(options_.on_train_batch_begin, batch, logs);
}
void LambdaCallback::on_train_batch_end(int64_t batch, const Logs& logs) {
  call(options_.on_train_batch_end, batch, logs);
}
void LambdaCallback::on_test_begin(const Logs& logs) { call(options_.on_test_begin, logs); }
void LambdaCallback::on_test_end(const Logs& logs) { call(options_.on_test_end, logs); }
void LambdaCallback::on_test_batch_begin(int64_t batch, const Logs& logs) {
  call(options_.on_test_batch_begin, batch, logs);
}
void LambdaCallback::on_test_batch_end(int64_t batch, const Logs& logs) {
  call(options_.on_test_batch_end, batch, logs);
}
void LambdaCallback::on_predict_begin(const Logs& logs) { call(options_.on_predict_begin, logs); }
void LambdaCallback::on_predict_end(const Logs& logs) { call(options_.on_predict_end, logs); }
void LambdaCallback::on_predict_batch_begin(int64_t batch, const Logs& logs) {
  call(options_.on_predict_batch_begin, batch, logs);
}
void LambdaCallback::on_predict_batch_end(int64_t batch, const Logs& logs) {
  call(options_.on_predict_batch_end, batch, logs);
}

bool LambdaCallback::needs_batch_logs() const {
  return options_.on_train_batch_end || options_.on_test_batch_end || options_.on_predict_batch_end;
}

}  // namespace hornbeam::callbacks
