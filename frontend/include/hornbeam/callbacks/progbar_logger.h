// ProgbarLogger: shows how fit, evaluate and predict get on. They add one themselves unless one is given.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>

#include <hornbeam/callback.h>

namespace hornbeam::callbacks {

struct ProgbarLoggerOptions {
  std::FILE* stream = nullptr;  // where it is drawn; if null standard output (settings.h: or standard error)
};

// verbose = 1 redraws a bar in place, 2 writes one line an epoch, 0 nothing; a negative number chooses: the bar on a
// terminal, lines elsewhere. Colors are left out if the environment has NO_COLOR. The validation inside fit is silent.
class ProgbarLogger : public Callback {
 public:
  explicit ProgbarLogger(ProgbarLoggerOptions options = {});

  void set_params(const CallbackParams& params) override;
  void on_train_begin(const Logs& logs) override;
  void on_train_end(const Logs& logs) override;
  void on_epoch_begin(int64_t epoch, const Logs& logs) override;
  void on_epoch_end(int64_t epoch, const Logs& logs) override;
  void on_train_batch_end(int64_t batch, const Logs& logs) override;
  void on_test_begin(const Logs& logs) override;
  void on_test_end(const Logs& logs) override;
  void on_test_batch_end(int64_t batch, const Logs& logs) override;
  void on_predict_begin(const Logs& logs) override;
  void on_predict_end(const Logs& logs) override;
  void on_predict_batch_end(int64_t batch, const Logs& logs) override;
  // True only when the bar is due to be redrawn, so that metrics are not read for nothing.
  bool needs_batch_logs() const override;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hornbeam::callbacks
