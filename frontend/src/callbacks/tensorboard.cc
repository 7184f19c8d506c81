// TensorBoard: which values are written when, as Keras' callback does it.
#include <hornbeam/callbacks/tensorboard.h>

#include <chrono>
#include <memory>

#include <hornbeam/base/error.h>
#include <hornbeam/model.h>

#include "frontend/src/callbacks/event_file.h"

namespace hornbeam::callbacks {
namespace {

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double iterations_of(const Model& model) {
  return model.compiled() && model.optimizer()->built() ? model.optimizer()->iterations().value().get(0) : 0;
}

}  // namespace

struct TensorBoard::State {
  TensorBoardOptions options;
  std::unique_ptr<EventFile> train, validation;  // opened when first written to
  int64_t batch = 0;
  double batch_began = 0, epoch_began = 0, epoch_iterations = 0;

  EventFile& of_training() {
    if (!train) train = std::make_unique<EventFile>(options.log_dir + "/train");
    return *train;
  }
  EventFile& of_validation() {
    if (!validation) validation = std::make_unique<EventFile>(options.log_dir + "/validation");
    return *validation;
  }
  bool writes_batch() const { return !options.update_freq.is_epoch() && batch % options.update_freq.batches() == 0; }
};

TensorBoard::TensorBoard(TensorBoardOptions options) {
  if (options.log_dir.empty()) throw ValueError("[TensorBoard] log_dir must be given. Received: \"\"");
  if (options.histogram_freq < 0)
    throw ValueError("[TensorBoard] histogram_freq must not be negative. Received: histogram_freq=" +
                     std::to_string(options.histogram_freq));
  state_ = std::make_shared<State>();
  state_->options = std::move(options);
}

void TensorBoard::on_train_begin(const Logs&) { state_->batch = 0; }

void TensorBoard::on_train_end(const Logs&) {
  state_->train.reset();
  state_->validation.reset();
}

void TensorBoard::on_epoch_begin(int64_t, const Logs&) {
  state_->epoch_iterations = iterations_of(model());
  state_->epoch_began = seconds_now();
}

void TensorBoard::on_epoch_end(int64_t epoch, const Logs& logs) {
  State& s = *state_;
  EventFile& train = s.of_training();
  for (const auto& [name, value] : logs) {
    if (name.starts_with("val_"))
      s.of_validation().scalar("epoch_" + name.substr(4), value, epoch);
    else if (name != "learning_rate")
      train.scalar("epoch_" + name, value, epoch);
  }
  train.scalar("epoch_learning_rate", model().optimizer()->learning_rate(), epoch);
  if (s.options.write_steps_per_second)
    train.scalar("epoch_steps_per_second",
                 (iterations_of(model()) - s.epoch_iterations) / (seconds_now() - s.epoch_began), epoch);
  if (s.options.histogram_freq > 0 && epoch % s.options.histogram_freq == 0)
    for (const Variable& weight : model().weights())
      train.histogram(weight.path() + "/histogram", weight.value(), epoch);
  train.flush();
  if (s.validation) s.validation->flush();
}

void TensorBoard::on_train_batch_begin(int64_t, const Logs&) {
  ++state_->batch;
  state_->batch_began = seconds_now();
}

void TensorBoard::on_train_batch_end(int64_t, const Logs& logs) {
  State& s = *state_;
  if (!s.writes_batch()) return;
  for (const auto& [name, value] : logs) s.of_training().scalar("batch_" + name, value, s.batch);
  if (s.options.write_steps_per_second)
    s.of_training().scalar("batch_steps_per_second", 1 / (seconds_now() - s.batch_began), s.batch);
}

void TensorBoard::on_test_end(const Logs& logs) {
  EventFile& file = state_->of_validation();
  for (const auto& [name, value] : logs)
    file.scalar("evaluation_" + name + "_vs_iterations", value, static_cast<int64_t>(iterations_of(model())));
  file.flush();
}

bool TensorBoard::needs_batch_logs() const { return state_->writes_batch(); }

}  // namespace hornbeam::callbacks
