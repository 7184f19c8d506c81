// TensorBoard: which values are written when, as Keras' callback does it.
#include <hornbeam/callbacks/tensorboard.h>

#include <unistd.h>
#include <zlib.h>

#include <chrono>
#include <ctime>
#include <filesystem>
#include <memory>

#include <hornbeam/base/atomic_file.h>
#include <hornbeam/base/error.h>
#include <hornbeam/model.h>

#include "frontend/src/callbacks/event_file.h"
#include "frontend/src/callbacks/graph_def.h"
#include "frontend/src/callbacks/profiling.h"
#include "frontend/src/callbacks/weight_image.h"
#include "frontend/src/model/model_state.h"

namespace hornbeam::callbacks {
namespace {

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double iterations_of(const Model& model) {
  return model.compiled() && model.optimizer()->built() ? model.optimizer()->iterations().value().get(0) : 0;
}

std::string gzipped(const std::string& text) {
  z_stream stream{};
  constexpr int kGzip = 15 + 16;  // the largest window, and gzip's header
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw IOError("[TensorBoard] no memory to compress a trace.");
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string time_stamp() {
  std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  char text[32];
  std::strftime(text, sizeof text, "%Y_%m_%d_%H_%M_%S", &local);
  return text;
}

std::string host_name() {
  char name[256] = "localhost";
  gethostname(name, sizeof name - 1);
  return name;
}

// Markdown for text that keeps its columns.
std::string preformatted(const std::string& text) {
  std::string out = "    ";
  for (char c : text) out += c == '\n' ? "\n    " : std::string(1, c);
  return out;
}

}  // namespace

ProfileBatch::ProfileBatch(int64_t first, int64_t last) : first_(first), last_(last) {
  if (first < 0 || last < first)
    throw ValueError("[TensorBoard] profile_batch must be a batch, counted from 1, or a first and a last one, or 0 for none. "
                     "Received: profile_batch=(" + std::to_string(first) + ", " + std::to_string(last) + ")");
}

struct TensorBoard::State {
  TensorBoardOptions options;
  std::unique_ptr<EventFile> train, validation;  // opened when first written to
  int64_t batch = 0;
  double batch_began = 0, epoch_began = 0, epoch_iterations = 0;
  std::unique_ptr<profile::Recorder> recorder;  // of this fit, if it is to be profiled
  bool profiling = false;
  int64_t profiled_steps = 0, first_step = 0;

  EventFile& of_training() {
    if (!train) train = std::make_unique<EventFile>(options.log_dir + "/train");
    return *train;
  }
  EventFile& of_validation() {
    if (!validation) validation = std::make_unique<EventFile>(options.log_dir + "/validation");
    return *validation;
  }
  void write_layers(const Model& model) {
    if (!model.model_state()->graph) return;
    try {
      of_training().keras_model("keras", model.serialize().to_json(), 0);
    } catch (const Error&) {
      // A layer without a config has no place in a Keras config, but one in the graph.
    }
    of_training().graph(graph_def(model));
  }
  void write_weights(const Model& model, int64_t epoch) {
    for (const Variable& weight : model.weights()) {
      Array value = weight.value();
      of_training().histogram(weight.path() + "/histogram", value, epoch);
      if (!options.write_images) continue;
      WeightImages images = weight_images(value);
      if (!images.pngs.empty())
        of_training().images(weight.path() + "/image", images.width, images.height, images.pngs, epoch);
    }
  }
  void end_profile(const Model& model) {
    profiling = false;
    recorder->stop();
    // The steps know their batch size; a short last batch is a program of its own.
    Profile profile = recorder->result("train_step", model.name(), 0, profiled_steps);
    of_training().text("profile", preformatted(profile.table()), batch);
    of_training().flush();
    const std::string folder = options.log_dir + "/train/plugins/profile/" + time_stamp();
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) throw IOError("[TensorBoard] cannot make the folder '" + folder + "': " + failed.message());
    AtomicFile file(folder + "/" + host_name() + ".trace.json.gz");
    file.write(gzipped(profile.trace_json()));
    file.commit();
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

void TensorBoard::on_train_begin(const Logs&) {
  state_->batch = 0;
  if (state_->options.write_graph) state_->write_layers(model());
}

void TensorBoard::on_train_end(const Logs&) {
  if (state_->profiling) state_->end_profile(model());
  state_->recorder.reset();
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
  if (s.options.histogram_freq > 0 && epoch % s.options.histogram_freq == 0) s.write_weights(model(), epoch);
  train.flush();
  if (s.validation) s.validation->flush();
}

void TensorBoard::on_train_batch_begin(int64_t batch, const Logs&) {
  State& s = *state_;
  ++s.batch;
  if (s.recorder && s.batch == s.options.profile_batch.first()) {
    s.profiling = true;
    s.profiled_steps = 0;
    s.recorder->start();
  }
  s.first_step = batch;
  s.batch_began = seconds_now();
}

void TensorBoard::on_train_batch_end(int64_t batch, const Logs& logs) {
  State& s = *state_;
  if (s.profiling) {
    s.profiled_steps += batch - s.first_step + 1;
    if (s.batch >= s.options.profile_batch.last()) s.end_profile(model());
  }
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

struct TensorBoardAccess {
  static profile::Recorder* recorder(TensorBoard& callback) {
    TensorBoard::State& s = *callback.state_;
    s.recorder.reset();
    s.profiling = false;
    if (s.options.profile_batch.first() > 0) s.recorder = std::make_unique<profile::Recorder>();
    return s.recorder.get();
  }
};

profile::Recorder* recorder_for(const std::vector<CallbackHandle>& callbacks) {
  profile::Recorder* found = nullptr;
  for (const CallbackHandle& callback : callbacks)
    if (auto* board = dynamic_cast<TensorBoard*>(&*callback))
      if (profile::Recorder* recorder = TensorBoardAccess::recorder(*board)) {
        if (found) throw ValueError("[TensorBoard] one callback at a time can profile. Received: two with profile_batch");
        found = recorder;
      }
  return found;
}

}  // namespace hornbeam::callbacks
