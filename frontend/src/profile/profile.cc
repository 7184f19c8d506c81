// Profiles of fit and predict: they run as they always do, on programs that tell when their kernels end.
#include <hornbeam/profile.h>

#include <algorithm>

#include <hornbeam/model.h>

#include "frontend/src/model/data.h"
#include "frontend/src/model/loop_options.h"
#include "frontend/src/model/run.h"
#include "frontend/src/profile/recorder.h"

namespace hornbeam {
namespace {

// Switches the recorder on after the first call, and counts the steps from there.
class Watch : public Callback {
 public:
  Watch(profile::Recorder& recorder, int64_t wanted) : recorder_(recorder), wanted_(wanted) {}

  void on_train_batch_begin(int64_t batch, const Logs&) override { begin(batch); }
  void on_train_batch_end(int64_t batch, const Logs&) override {
    end(batch);
    if (done()) model().stop_training() = true;
  }
  void on_predict_batch_begin(int64_t batch, const Logs&) override { begin(batch); }
  void on_predict_batch_end(int64_t batch, const Logs&) override { end(batch); }
  bool needs_batch_logs() const override { return false; }

  int64_t steps() const { return steps_; }
  bool done() const { return steps_ >= wanted_; }

 private:
  void begin(int64_t batch) { first_ = batch; }
  void end(int64_t batch) {
    if (done()) return;
    if (recording_)
      steps_ += batch - first_ + 1;
    else
      recorder_.start();
    recording_ = true;
    if (done()) recorder_.stop();
  }

  profile::Recorder& recorder_;
  int64_t wanted_;
  int64_t first_ = 0, steps_ = 0;
  bool recording_ = false;
};

void check(const char* job, const Arrays& x, const ProfileOptions& options) {
  if (options.batch_size <= 0 || options.steps <= 0)
    throw ValueError(std::string(job) + ": `batch_size` and `steps` must be positive. Received: batch_size=" +
                     std::to_string(options.batch_size) + ", steps=" + std::to_string(options.steps));
  for (const Array& array : x)
    if (array.shape().empty() || array.shape()[0] < options.batch_size)
      throw ValueError(std::string(job) + ": the data must have the rows of one batch, batch_size=" +
                       std::to_string(options.batch_size) + ". Received: shape " + array.shape().to_string());
}

// Whole batches alone, so that one program runs. Borrows the rows.
Arrays whole_batches(const Arrays& arrays, int64_t batch_size) {
  return arrays.map([&](const Array& array) {
    return array.shape().rank() > 0 ? array.rows(0, array.shape()[0] / batch_size * batch_size) : array;
  });
}

// Variables' values, which come back when it goes.
class Keep {
 public:
  explicit Keep(const Model& model) {
    add(model.variables());
    if (!model.compiled()) return;
    if (model.optimizer()->built()) add(model.optimizer()->variables());
    for (const Optimizer& optimizer : model.tracked_optimizers())
      if (optimizer->built()) add(optimizer->variables());
  }
  ~Keep() {
    for (size_t i = 0; i < variables_.size(); ++i) variables_[i].assign(values_[i]);
  }

 private:
  void add(const std::vector<Variable>& variables) {
    for (const Variable& variable : variables) {
      variables_.push_back(variable);
      values_.push_back(variable.value());
    }
  }
  std::vector<Variable> variables_;
  std::vector<Array> values_;
};

}  // namespace

Profile profile_fit(Model& model, const Arrays& x, const Arrays& y, ProfileOptions options) {
  check("profile_fit", x, options);
  profile::Recorder recorder;
  Watch watch(recorder, options.steps);
  Arrays cut_x = whole_batches(x, options.batch_size), cut_y = whole_batches(y, options.batch_size);
  require_compiled(model, "profile_fit");
  // What is not built yet is built first, so that there are values to keep.
  Run(model).prepare(Job::train, make_data(model, "profile_fit", cut_x, cut_y, {}), options.batch_size);
  Keep keep(model);
  profile::Recorder::Scope scope(&recorder);
  bool stopped = model.stop_training();
  model.fit(cut_x, cut_y,
            {.epochs = options.steps + 2,
             .batch_size = options.batch_size,
             .verbose = 0,
             .callbacks = {std::ref(watch)},
             .shuffle = false});
  model.stop_training() = stopped;
  return recorder.result("train_step", model.name(), options.batch_size, watch.steps());
}

Profile profile_predict(Model& model, const Arrays& x, ProfileOptions options) {
  check("profile_predict", x, options);
  profile::Recorder recorder;
  Watch watch(recorder, options.steps);
  Arrays cut = whole_batches(x, options.batch_size);
  profile::Recorder::Scope scope(&recorder);
  while (!watch.done())
    model.predict(cut, {.batch_size = options.batch_size, .verbose = 0, .callbacks = {std::ref(watch)}});
  return recorder.result("predict_step", model.name(), options.batch_size, watch.steps());
}

}  // namespace hornbeam
