// ReduceLROnPlateau's rules are Keras'; test/frontend/callbacks/reduce_lr_on_plateau_test.cc has them as tables.
#include <hornbeam/callbacks/reduce_lr_on_plateau.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include <hornbeam/base/error.h>
#include <hornbeam/model.h>

#include "frontend/src/callbacks/monitor.h"
#include "frontend/src/messages.h"

namespace hornbeam::callbacks {

struct ReduceLROnPlateau::State {
  explicit State(ReduceLROnPlateauOptions given)
      : options(std::move(given)), monitor("ReduceLROnPlateau", options.monitor, options.mode, options.min_delta) {}

  ReduceLROnPlateauOptions options;
  Monitor monitor;
  std::optional<double> best;
  int64_t wait = 0;
  int64_t cooling = 0;  // epochs of the cooldown that are left
};

ReduceLROnPlateau::ReduceLROnPlateau(ReduceLROnPlateauOptions options) {
  if (!(options.factor < 1))
    throw ValueError("[ReduceLROnPlateau] factor must be below 1. Received: factor=" + std::to_string(options.factor));
  state_ = std::make_shared<State>(std::move(options));
}

void ReduceLROnPlateau::on_train_begin(const Logs&) {
  state_->best.reset();
  state_->wait = 0;
  state_->cooling = 0;
}

void ReduceLROnPlateau::add_epoch_logs(int64_t, Logs& logs) {
  logs.set("learning_rate", model().optimizer()->learning_rate());
}

void ReduceLROnPlateau::on_epoch_end(int64_t epoch, const Logs& logs) {
  State& s = *state_;
  s.monitor.resolve(model().compiled() ? &model().compile_options().metrics : nullptr);
  const double* current = logs.find(s.options.monitor);
  if (current == nullptr) {
    std::string known;
    for (const auto& [name, value] : logs) known += (known.empty() ? "" : ", ") + name;
    std::fprintf(stderr, "warning: ReduceLROnPlateau monitors '%s', which the logs do not have. They have: %s\n",
                 s.options.monitor.c_str(), known.c_str());
    return;
  }
  if (s.cooling > 0) {
    --s.cooling;
    s.wait = 0;
  }
  if (!s.best || s.monitor.is_improvement(*current, *s.best)) {
    s.best = *current;
    s.wait = 0;
    return;
  }
  if (s.cooling > 0 || ++s.wait < s.options.patience) return;
  optimizers::Optimizer& optimizer = *model().optimizer();
  const double old_rate = optimizer.learning_rate();
  if (old_rate <= static_cast<double>(static_cast<float>(s.options.min_lr))) return;
  const double rate = std::max(old_rate * s.options.factor, s.options.min_lr);
  optimizer.set_learning_rate(rate);
  if (s.options.verbose > 0)
    std::fprintf(message_stream(), "\nEpoch %lld: the learning rate is lowered to %g\n",
                 static_cast<long long>(epoch + 1), rate);
  s.cooling = s.options.cooldown;
  s.wait = 0;
}

}  // namespace hornbeam::callbacks
