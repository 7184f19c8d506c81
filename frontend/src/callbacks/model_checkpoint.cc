// ModelCheckpoint's rules are Keras'.
#include <hornbeam/callbacks/model_checkpoint.h>

#include <cstdio>
#include <filesystem>

#include <hornbeam/base/error.h>
#include <hornbeam/model.h>

#include "frontend/src/callbacks/batch_counter.h"
#include "frontend/src/callbacks/monitor.h"
#include "frontend/src/callbacks/path_pattern.h"
#include "frontend/src/messages.h"

namespace hornbeam::callbacks {

struct ModelCheckpoint::State {
  explicit State(ModelCheckpointOptions given)
      : options(std::move(given)),
        monitor("ModelCheckpoint", options.monitor, options.mode, 0),
        counter(options.save_freq),
        best(options.initial_value_threshold) {}

  ModelCheckpointOptions options;
  Monitor monitor;
  BatchCounter counter;
  std::optional<double> best;
  int64_t epoch = 0;

  // Whether this is a moment to save; takes over the new best value.
  bool is_wanted(Model& model, const Logs& logs, const std::string& path) {
    auto say = [&](const std::string& what) {
      if (options.verbose > 0)
        std::fprintf(message_stream(), "\nEpoch %lld: %s\n",
                     static_cast<long long>(epoch + 1), what.c_str());
    };
    if (!options.save_best_only) {
      say("saving the model to " + path);
      return true;
    }
    const double* current = logs.find(options.monitor);
    if (current == nullptr) {
      std::fprintf(stderr,
                   "warning: ModelCheckpoint cannot tell the best without '%s', which the logs do not have; it saves\n",
                   options.monitor.c_str());
      return true;
    }
    monitor.resolve(model.compiled() ? &model.compile_options().metrics : nullptr);
    auto number = [](double value) {
      char text[40];
      std::snprintf(text, sizeof text, "%.5f", value);
      return std::string(text);
    };
    const std::string before = best ? number(*best) : "nothing";
    if (best && !monitor.is_improvement(*current, *best)) {
      say(options.monitor + " did not improve from " + before);
      return false;
    }
    say(options.monitor + " improved from " + before + " to " + number(*current) + ", saving the model to " + path);
    best = *current;
    return true;
  }
};

ModelCheckpoint::ModelCheckpoint(ModelCheckpointOptions options) {
  const std::string& path = options.filepath;
  if (options.save_weights_only ? !path.ends_with(".weights.h5") : !path.ends_with(".keras") && !path.ends_with(".h5"))
    throw ValueError(
        "[ModelCheckpoint] filepath must end with " +
        std::string(options.save_weights_only ? ".weights.h5 where only weights are saved" : ".keras or .h5") +
        ". Received: filepath=\"" + path + "\"");
  state_ = std::make_shared<State>(std::move(options));
}

void ModelCheckpoint::on_epoch_begin(int64_t epoch, const Logs&) { state_->epoch = epoch; }

void ModelCheckpoint::on_epoch_end(int64_t epoch, const Logs& logs) {
  if (state_->options.save_freq.is_epoch()) save(epoch, {}, logs);
}

void ModelCheckpoint::on_train_batch_end(int64_t batch, const Logs& logs) {
  if (state_->counter.is_due(batch)) save(state_->epoch, batch, logs);
}

void ModelCheckpoint::save(int64_t epoch, std::optional<int64_t> batch, const Logs& logs) {
  State& s = *state_;
  s.epoch = epoch;
  std::vector<std::pair<std::string, int64_t>> counts = {{"epoch", epoch + 1}};
  if (batch) counts.emplace_back("batch", *batch + 1);
  const std::string path = fill_in(s.options.filepath, counts, logs, "ModelCheckpoint");
  if (!s.is_wanted(model(), logs, path)) return;
  std::error_code failed;
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, failed);
  if (failed) throw IOError("[ModelCheckpoint] cannot make the folder '" + folder.string() + "': " + failed.message());
  if (s.options.save_weights_only)
    model().save_weights(path);
  else
    model().save(path);
}

bool ModelCheckpoint::needs_batch_logs() const { return !state_->options.save_freq.is_epoch(); }
std::optional<double> ModelCheckpoint::best() const { return state_->best; }

}  // namespace hornbeam::callbacks
