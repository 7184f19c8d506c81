// SwapEMAWeights: evaluates and predicts with the moving averages of the weights that the optimizer keeps.
#pragma once

#include <cstdint>
#include <memory>

#include <hornbeam/callback.h>

namespace hornbeam::callbacks {

struct SwapEMAWeightsOptions {
  // Also at the end of each epoch until the next one begins, so that a ModelCheckpoint after this callback saves
  // averages.
  bool swap_on_epoch = false;
};

// Exchanges weights and averages before an evaluation (that of fit, too) or prediction, and back after it. Throws
// ValueError if the optimizer was not made with use_ema. A copy is the same callback.
class SwapEMAWeights : public Callback {
 public:
  explicit SwapEMAWeights(SwapEMAWeightsOptions options = {});

  void on_epoch_begin(int64_t epoch, const Logs& logs) override;
  void on_epoch_end(int64_t epoch, const Logs& logs) override;
  void on_test_begin(const Logs& logs) override;
  void on_test_end(const Logs& logs) override;
  void on_predict_begin(const Logs& logs) override;
  void on_predict_end(const Logs& logs) override;
  bool needs_batch_logs() const override { return false; }

 private:
  void show_averages(bool wanted);
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hornbeam::callbacks
