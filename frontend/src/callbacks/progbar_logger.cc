// ProgbarLogger: one Progbar for each epoch, evaluation or prediction.
#include <hornbeam/callbacks/progbar_logger.h>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>

#include "frontend/src/callbacks/progbar.h"
#include "frontend/src/messages.h"

namespace hornbeam::callbacks {
namespace {

constexpr double kInterval = 0.05;  // seconds between two drawings, as Keras

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

struct ProgbarLogger::State {
  std::FILE* given = nullptr;
  int verbose = 1;
  int64_t epochs = 1;
  std::optional<int64_t> target;
  bool in_fit = false;
  int64_t seen = 0;
  double drawn_at = 0;
  std::optional<Progbar> bar;

  std::FILE* stream() const { return given ? given : message_stream(); }
  void print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stream());
    std::fflush(stream());
  }
  void start() {
    seen = 0;
    drawn_at = 0;
    const bool color = std::getenv("NO_COLOR") == nullptr;
    bar.emplace(ProgbarOptions{.target = target, .verbose = verbose, .interval = kInterval, .color = color}, seconds_now,
                [this](std::string_view text) {
                  drawn_at = seconds_now();
                  print(text);
                });
  }
  static ProgbarValues values(const Logs& logs) { return ProgbarValues(logs.begin(), logs.end()); }
  void update(int64_t batch, const Logs& logs) {
    if (!bar) start();
    // The last group of fused steps ends at an index beyond the last batch; the bar does not.
    seen = target ? std::min(batch + 1, *target) : batch + 1;
    if (verbose == 1) bar->update(seen, values(logs), false);
  }
  void finish(const Logs& logs) {
    if (!bar) start();
    if (!target) {
      target = seen;
      bar->set_target(seen);
    }
    bar->update(*target, values(logs), true);
  }
};

ProgbarLogger::ProgbarLogger(ProgbarLoggerOptions options) : state_(std::make_shared<State>()) {
  state_->given = options.stream;
}

void ProgbarLogger::set_params(const CallbackParams& params) {
  Callback::set_params(params);
  state_->verbose = params.verbose;
  if (params.verbose < 0) state_->verbose = isatty(fileno(state_->stream())) != 0 ? 1 : 2;
  state_->epochs = params.epochs;
  state_->target = params.steps;
}

void ProgbarLogger::on_train_begin(const Logs&) { state_->in_fit = true; }
void ProgbarLogger::on_train_end(const Logs&) { state_->in_fit = false; }

void ProgbarLogger::on_epoch_begin(int64_t epoch, const Logs&) {
  state_->start();
  if (state_->verbose != 0 && state_->epochs > 1)
    state_->print("Epoch " + std::to_string(epoch + 1) + "/" + std::to_string(state_->epochs) + "\n");
}
void ProgbarLogger::on_epoch_end(int64_t, const Logs& logs) { state_->finish(logs); }
void ProgbarLogger::on_train_batch_end(int64_t batch, const Logs& logs) { state_->update(batch, logs); }

void ProgbarLogger::on_test_begin(const Logs&) {
  if (!state_->in_fit) state_->start();
}
void ProgbarLogger::on_test_end(const Logs& logs) {
  if (!state_->in_fit) state_->finish(logs);
}
void ProgbarLogger::on_test_batch_end(int64_t batch, const Logs& logs) {
  if (!state_->in_fit) state_->update(batch, logs);
}

void ProgbarLogger::on_predict_begin(const Logs&) { state_->start(); }
void ProgbarLogger::on_predict_end(const Logs&) { state_->finish({}); }
void ProgbarLogger::on_predict_batch_end(int64_t batch, const Logs&) { state_->update(batch, {}); }

bool ProgbarLogger::needs_batch_logs() const {
  return state_->verbose == 1 && seconds_now() - state_->drawn_at >= kInterval;
}

}  // namespace hornbeam::callbacks
