// BackupAndRestore. A backup is two files, weights and metadata; the metadata is written last and names the weights, so
// it never stands beside weights of another moment. The state of random numbers, which weights files do not hold, is in
// the metadata.
#include <hornbeam/callbacks/backup_and_restore.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include <hornbeam/base/atomic_file.h>
#include <hornbeam/base/error.h>
#include <hornbeam/config.h>
#include <hornbeam/model.h>
#include <hornbeam/random.h>

#include "frontend/src/callbacks/batch_counter.h"
#include "frontend/src/model/model_state.h"

namespace hornbeam::callbacks {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMetadata = "training_metadata.json";
constexpr const char* kPreviousMetadata = "training_metadata.json.bkp";
constexpr const char* kWeightsOfKeras = "latest.weights.h5";  // where Keras' metadata names no file
constexpr size_t kMostMetadata = 1 << 22;

struct Backup {
  int64_t epoch = 0;
  std::string weights;                              // a file name in the folder
  std::vector<std::vector<int64_t>> random_states;  // of the seed generators, in their order
};

// The states of all seed generators of a layer and those under it, each once.
void collect_random_states(const Layer& layer, std::vector<Variable>& states) {
  for (const random::SeedGenerator& generator : layer.seed_generators()) {
    const auto known = [&](const Variable& state) { return same(state, generator.state()); };
    if (std::none_of(states.begin(), states.end(), known)) states.push_back(generator.state());
  }
  for (const Layer::SubLayer& sub : layer.sublayers()) collect_random_states(*sub.layer, states);
}

std::vector<Variable> states_of(const Model& model) {
  std::vector<Variable> states;
  collect_random_states(model, states);
  return states;
}

Backup read_metadata(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMostMetadata, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  Backup backup{.weights = kWeightsOfKeras};
  try {
    const Config metadata = Config::parse(text);
    backup.epoch = metadata.at("epoch").as_int();
    metadata.read("weights", backup.weights);
    metadata.read("random_states", backup.random_states);
  } catch (const Error& error) {
    throw IOError("[BackupAndRestore] " + path.string() + " is damaged: " + error.what());
  }
  // The name is a file of this folder, whatever the text says.
  if (backup.epoch < 0 || backup.weights.empty() || fs::path(backup.weights).filename() != backup.weights)
    throw IOError("[BackupAndRestore] " + path.string() + " is damaged: it does not say which backup it is");
  return backup;
}

}  // namespace

struct BackupAndRestore::State {
  explicit State(BackupAndRestoreOptions given)
      : options(std::move(given)), folder(options.backup_dir), counter(options.save_freq) {}

  BackupAndRestoreOptions options;
  fs::path folder;
  BatchCounter counter;
  int64_t epoch = 0;

  bool contains(const char* name) const {
    std::error_code ignored;
    return fs::exists(folder / name, ignored);
  }
  void restore(Model& model, const char* metadata) const {
    const Backup backup = read_metadata(folder / metadata);
    if (!model.optimizer()->built()) model.optimizer()->build(model.trainable_weights());
    // Keras' own backups have no states.
    const std::vector<Variable> states = backup.random_states.empty() ? std::vector<Variable>() : states_of(model);
    for (size_t i = 0; i < states.size(); ++i)
      if (backup.random_states.size() != states.size() ||
          static_cast<int64_t>(backup.random_states[i].size()) != states[i].shape().num_elements())
        throw IOError("[BackupAndRestore] " + (folder / metadata).string() +
                      " is the backup of another model: its random numbers do not fit this one");
    model.load_weights((folder / backup.weights).string());
    for (size_t i = 0; i < states.size(); ++i) {
      Array state(states[i].dtype(), states[i].shape());
      for (int64_t j = 0; j < state.num_elements(); ++j)
        state.set_int(j, backup.random_states[i][static_cast<size_t>(j)]);
      states[i].assign(state);
    }
    model.model_state()->resumed_epoch = backup.epoch;
  }
  // Removes backups that no metadata names any more, and what a killed process had written beside a file of ours: its
  // name is the file's with a dot and six letters behind (AtomicFile).
  void remove_leftovers_but(const std::string& latest, const std::string& previous) const {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
      const std::string name = entry.path().filename().string();
      const bool half = name.size() > 7 && name[name.size() - 7] == '.';
      const std::string whole = half ? name.substr(0, name.size() - 7) : name;
      const bool weights = whole.starts_with("backup-") && whole.ends_with(".weights.h5");
      const bool metadata = whole == kMetadata || whole == kPreviousMetadata;
      if (half ? weights || metadata : weights && name != latest && name != previous) fs::remove(entry.path(), ignored);
    }
  }
};

BackupAndRestore::BackupAndRestore(BackupAndRestoreOptions options) {
  if (options.backup_dir.empty()) throw ValueError("[BackupAndRestore] backup_dir must be given. Received: \"\"");
  state_ = std::make_shared<State>(std::move(options));
}

void BackupAndRestore::on_train_begin(const Logs&) {
  State& s = *state_;
  s.counter.reset();
  std::error_code failed;
  fs::create_directories(s.folder, failed);
  if (failed)
    throw IOError("[BackupAndRestore] cannot make the folder '" + s.folder.string() + "': " + failed.message());
  const bool has_previous = s.contains(kPreviousMetadata);
  if (!s.contains(kMetadata) && !has_previous) return;
  try {
    s.restore(model(), kMetadata);
  } catch (const IOError&) {
    if (!has_previous) throw;
    s.restore(model(), kPreviousMetadata);
  }
}

void BackupAndRestore::on_epoch_begin(int64_t epoch, const Logs&) { state_->epoch = epoch; }

void BackupAndRestore::on_epoch_end(int64_t epoch, const Logs&) {
  if (state_->options.save_freq.is_epoch()) save(epoch + 1, 0);
}

void BackupAndRestore::on_train_batch_end(int64_t batch, const Logs&) {
  if (state_->counter.is_due(batch)) save(state_->epoch, batch + 1);
}

void BackupAndRestore::save(int64_t epoch, int64_t batch) {
  State& s = *state_;
  std::string previous;
  if (s.options.double_checkpoint && s.contains(kMetadata)) {
    previous = read_metadata(s.folder / kMetadata).weights;
    std::ifstream file(s.folder / kMetadata, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    AtomicFile copy((s.folder / kPreviousMetadata).string());
    copy.write(text.str());
    copy.commit();
  }
  const std::string weights = "backup-" + std::to_string(epoch) + "-" + std::to_string(batch) + ".weights.h5";
  model().save_weights((s.folder / weights).string());
  AtomicFile metadata((s.folder / kMetadata).string());
  Config states = Config::array();
  for (const Variable& variable : states_of(model())) {
    const Array value = variable.value();
    Config state = Config::array();
    for (int64_t i = 0; i < value.num_elements(); ++i) state.push_back(value.get_int(i));
    states.push_back(state);
  }
  metadata.write(
      Config::object({{"epoch", epoch}, {"batch", batch}, {"weights", weights}, {"random_states", states}}).to_json());
  metadata.commit();
  s.remove_leftovers_but(weights, previous);
}

void BackupAndRestore::on_train_end(const Logs&) {
  State& s = *state_;
  if (!s.options.delete_checkpoint) return;
  std::error_code ignored;
  fs::remove(s.folder / kMetadata, ignored);
  fs::remove(s.folder / kPreviousMetadata, ignored);
  fs::remove(s.folder / kWeightsOfKeras, ignored);
  s.remove_leftovers_but("", "");
  fs::remove(s.folder, ignored);  // only if nothing else is in it
}

}  // namespace hornbeam::callbacks
