// EarlyStopping's rules are Keras', case by case; test/frontend/callbacks/early_stopping_test.cc has them as tables.
#include <hornbeam/callbacks/early_stopping.h>

#include <cstdio>
#include <vector>

#include <hornbeam/base/array.h>
#include <hornbeam/base/error.h>
#include <hornbeam/model.h>

#include "frontend/src/callbacks/monitor.h"
#include "frontend/src/messages.h"

namespace hornbeam::callbacks {

struct EarlyStopping::State {
  explicit State(EarlyStoppingOptions given)
      : options(std::move(given)), monitor("EarlyStopping", options.monitor, options.mode, options.min_delta) {}

  bool is_improvement(double value, const std::optional<double>& reference) const {
    return !reference || monitor.is_improvement(value, *reference);
  }

  EarlyStoppingOptions options;
  Monitor monitor;
  int64_t wait = 0;
  int64_t stopped_epoch = 0;
  int64_t best_epoch = 0;
  std::optional<double> best;
  std::vector<Array> best_weights;
  bool has_best_weights = false;
};

EarlyStopping::EarlyStopping(EarlyStoppingOptions options) {
  if (options.patience < 0) {
    throw ValueError("[EarlyStopping] patience must not be negative. Received: patience=" +
                     std::to_string(options.patience));
  }
  state_ = std::make_shared<State>(std::move(options));
}

void EarlyStopping::on_train_begin(const Logs&) {
  State& s = *state_;
  s.wait = 0;
  s.stopped_epoch = 0;
  s.best_epoch = 0;
  s.best.reset();
  s.best_weights.clear();
  s.has_best_weights = false;
}

void EarlyStopping::on_epoch_end(int64_t epoch, const Logs& logs) {
  State& s = *state_;
  s.monitor.resolve(model().compiled() ? &model().compile_options().metrics : nullptr);
  const double* current = logs.find(s.monitor.name());
  if (current == nullptr) {
    std::string known;
    for (const auto& [name, value] : logs) known += (known.empty() ? "" : ", ") + name;
    std::fprintf(stderr, "warning: EarlyStopping monitors '%s', which the logs do not have. They have: %s\n",
                 s.monitor.name().c_str(), known.empty() ? "nothing" : known.c_str());
    return;
  }
  if (epoch < s.options.start_from_epoch) return;

  ++s.wait;
  if (s.is_improvement(*current, s.best)) {  // the first epoch looked at is one, even if its value is NaN
    s.best = *current;
    s.best_epoch = epoch;
    if (s.options.restore_best_weights) {
      s.best_weights = model().get_weights();
      s.has_best_weights = true;
    }
    if (s.is_improvement(*current, s.options.baseline)) s.wait = 0;
    return;
  }
  if (s.wait >= s.options.patience && epoch > 0) {
    s.stopped_epoch = epoch;
    model().stop_training() = true;
  }
}

void EarlyStopping::on_train_end(const Logs&) {
  State& s = *state_;
  if (s.stopped_epoch > 0 && s.options.verbose > 0)
    std::fprintf(message_stream(), "Epoch %lld: early stopping\n", static_cast<long long>(s.stopped_epoch + 1));
  if (!s.options.restore_best_weights || !s.has_best_weights) return;
  if (s.options.verbose > 0)
    std::fprintf(message_stream(), "Restoring the weights of the best epoch: %lld\n",
                 static_cast<long long>(s.best_epoch + 1));
  model().set_weights(s.best_weights);
}

int64_t EarlyStopping::stopped_epoch() const { return state_->stopped_epoch; }
int64_t EarlyStopping::best_epoch() const { return state_->best_epoch; }
std::optional<double> EarlyStopping::best() const { return state_->best; }

}  // namespace hornbeam::callbacks
