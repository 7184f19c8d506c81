// The loops of training, evaluation and prediction. The order of hooks, the indices they get and when a stop takes
// effect are Keras' (trainer.fit, evaluate, predict and the epoch iterator).
#include <hornbeam/runtime/fit/loop.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include <hornbeam/base/error.h>

#include "runtime/fit/batches.h"
#include "runtime/fit/steps_per_call.h"

namespace hornbeam::runtime {
namespace {

constexpr Segment kTrainSegments[] = {Segment::weights, Segment::slots, Segment::metrics};
constexpr Segment kEvaluateSegments[] = {Segment::weights, Segment::metrics};
constexpr Segment kPredictSegments[] = {Segment::weights};

bool is_set(const StopFlags* flags, std::atomic<bool> StopFlags::*flag) {
  return flags && (flags->*flag).load(std::memory_order_relaxed);
}
bool interrupted(const Job& job) { return is_set(job.stop, &StopFlags::interrupted); }

void clear(StopFlags* flags, std::atomic<bool> StopFlags::*flag) {
  if (flags) (flags->*flag).store(false, std::memory_order_relaxed);
}

template <typename Plan>
void reset_metrics(const Plan& plan) {
  if (plan.reset_metrics)
    plan.reset_metrics();
  else
    plan.state->reset(Segment::metrics);
}

// [0, 1, …]: data in its own order.
std::vector<int64_t> in_order(int64_t num_rows) {
  std::vector<int64_t> rows(static_cast<size_t>(num_rows));
  std::iota(rows.begin(), rows.end(), int64_t{0});
  return rows;
}

// An evaluation plan made ready, to be run once or after many epochs.
class Evaluation {
 public:
  Evaluation(const EvaluatePlan& plan, StopFlags* stop, std::string title)
      : plan_(plan),
        batches_(plan_, std::move(title), kEvaluateSegments, plan_.steps.value_or(std::numeric_limits<int64_t>::max())),
        group_(plan_.steps_per_execution),
        rows_(in_order(batches_.num_rows())) {
    if (!plan_.stop) plan_.stop = stop;
    if (batches_.has_outputs()) throw ValueError("evaluate: an entry that evaluates must not have outputs.");
  }

  LogValues run(FitObserver& observer) {
    clear(plan_.stop, &StopFlags::evaluating);
    observer.on_test_begin();
    reset_metrics(plan_);
    int64_t steps = std::min(plan_.steps.value_or(batches_.num_batches()), batches_.num_batches());
    for (int64_t step = 0; step < steps;) {
      if (interrupted(plan_)) break;
      int64_t size = group_.value();
      observer.on_test_batch_begin(step);
      group_.run(batches_, step, std::min(size, steps - step), rows_);
      observer.on_test_batch_end(step + size - 1, Logs(plan_.read_logs));
      if (is_set(plan_.stop, &StopFlags::evaluating)) break;
      step += size;
    }
    LogValues logs = plan_.read_logs ? plan_.read_logs() : LogValues();
    observer.on_test_end(Logs(logs));
    return logs;
  }

 private:
  EvaluatePlan plan_;
  Batches batches_;
  StepsPerCall group_;
  std::vector<int64_t> rows_;
};

// The passes over the training data: which batch comes next, and in what order the rows are.
class Passes {
 public:
  Passes(const FitPlan& plan, int64_t num_rows, int64_t num_batches)
      : plan_(plan), num_batches_(num_batches), rows_(in_order(num_rows)) {}

  // With steps_per_epoch an epoch goes on where the last one ended.
  void begin_epoch(int64_t epoch) {
    if (plan_.steps && next_ != 0 && next_ < num_batches_) return;
    next_ = 0;
    if (plan_.shuffle) shuffle_rows(plan_.seed, epoch, rows_);
  }
  int64_t next() const { return next_; }
  int64_t left() const { return num_batches_ - next_; }
  void advance(int64_t count) { next_ += count; }
  std::span<const int64_t> rows() const { return rows_; }

 private:
  const FitPlan& plan_;
  int64_t num_batches_;
  int64_t next_ = 0;
  std::vector<int64_t> rows_;
};

bool validates(const FitPlan& plan, int64_t epoch) {
  if (!plan.validation) return false;
  if (plan.validation_epochs.empty()) return (epoch + 1) % plan.validation_freq == 0;
  return std::ranges::find(plan.validation_epochs, epoch + 1) != plan.validation_epochs.end();
}

// How many batches training runs at most, all epochs together: fewer than a pass has only by steps_per_epoch.
int64_t total_batches(const FitPlan& plan) {
  int64_t total = 0;
  int64_t epochs = std::max<int64_t>(1, plan.epochs - plan.initial_epoch);
  if (!plan.steps || __builtin_mul_overflow(*plan.steps, epochs, &total)) return std::numeric_limits<int64_t>::max();
  return total;
}

void check_epochs(const FitPlan& plan) {
  if (plan.epochs < 0 || plan.initial_epoch < 0)
    throw ValueError("fit: epochs and initial_epoch must not be negative. Received: epochs=" +
                     std::to_string(plan.epochs) + ", initial_epoch=" + std::to_string(plan.initial_epoch));
  if (plan.validation && plan.validation_epochs.empty() && plan.validation_freq <= 0)
    throw ValueError("fit: validation_freq must be positive. Received: validation_freq=" +
                     std::to_string(plan.validation_freq));
}

// Runs the training steps of one epoch.
void run_epoch(const FitPlan& plan, Batches& batches, StepsPerCall& group, Passes& passes, FitObserver& observer,
               FitResult& result) {
  int64_t steps = plan.steps.value_or(batches.num_batches());
  for (int64_t step = 0; step < steps;) {
    if (interrupted(plan)) return;
    if (passes.left() == 0) {
      result.ran_out_of_data = true;
      return;
    }
    int64_t size = group.value();
    int64_t count = std::min({size, steps - step, passes.left()});
    observer.on_train_batch_begin(step);
    group.run(batches, passes.next(), count, passes.rows());
    passes.advance(count);
    result.steps_run += count;
    observer.on_train_batch_end(step + size - 1, Logs(plan.read_logs));
    if (is_set(plan.stop, &StopFlags::training)) return;
    step += count;  // less than size only at the end, or where the data ran out
  }
}

}  // namespace

FitResult run_fit(const FitPlan& plan, FitObserver& observer) {
  check_epochs(plan);
  Batches batches(plan, "fit", kTrainSegments, total_batches(plan));
  if (batches.has_outputs()) throw ValueError("fit: an entry that trains must not have outputs.");
  std::optional<Evaluation> validation;
  if (plan.validation) validation.emplace(*plan.validation, plan.stop, "fit: validation data");
  Passes passes(plan, batches.num_rows(), batches.num_batches());
  StepsPerCall group(plan.steps_per_execution);
  FitResult result;
  LogValues logs;

  clear(plan.stop, &StopFlags::training);
  observer.on_train_begin();
  for (int64_t epoch = plan.initial_epoch; epoch < plan.epochs && !interrupted(plan); ++epoch) {
    reset_metrics(plan);
    observer.on_epoch_begin(epoch);
    passes.begin_epoch(epoch);
    run_epoch(plan, batches, group, passes, observer, result);
    if (interrupted(plan)) break;
    LogValues epoch_logs = plan.read_logs ? plan.read_logs() : LogValues();
    if (validates(plan, epoch)) {
      for (auto& [name, value] : validation->run(observer)) epoch_logs.emplace_back("val_" + name, value);
      if (interrupted(plan)) break;
    }
    logs = std::move(epoch_logs);
    observer.on_epoch_end(epoch, Logs(logs));
    ++result.epochs_run;
    if (is_set(plan.stop, &StopFlags::training)) break;
  }
  result.interrupted = interrupted(plan);
  result.steps_per_execution = group.value();
  observer.on_train_end(Logs(logs));
  return result;
}

LogValues run_evaluate(const EvaluatePlan& plan, FitObserver& observer) {
  return Evaluation(plan, plan.stop, "evaluate").run(observer);
}

std::vector<Array> run_predict(const PredictPlan& plan, FitObserver& observer) {
  int64_t most = plan.steps.value_or(std::numeric_limits<int64_t>::max());
  Batches batches(plan, "predict", kPredictSegments, most);
  StepsPerCall group(plan.steps_per_execution);
  std::vector<int64_t> rows = in_order(batches.num_rows());
  int64_t steps = std::min(most, batches.num_batches());
  auto rows_of = [&](int64_t batch) { return std::min(batch * batches.batch_size(), batches.num_rows()); };
  std::vector<Array> outputs = batches.make_outputs(rows_of(steps));
  auto outputs_of = [&](int64_t first, int64_t end) {
    std::vector<Array> part;
    for (const Array& output : outputs) part.push_back(output.rows(rows_of(first), rows_of(end)));
    return part;
  };

  clear(plan.stop, &StopFlags::predicting);
  observer.on_predict_begin();
  int64_t done = 0;
  while (done < steps && !interrupted(plan)) {
    int64_t begin = done;
    int64_t size = group.value();
    observer.on_predict_batch_begin(begin);
    int64_t count = std::min(size, steps - begin);
    group.run(batches, begin, count, rows, outputs);
    done += count;
    observer.on_predict_batch_end(begin + size - 1, [&] { return outputs_of(begin, done); });
    if (is_set(plan.stop, &StopFlags::predicting)) break;
  }
  observer.on_predict_end();
  return done < steps ? outputs_of(0, done) : outputs;
}

}  // namespace hornbeam::runtime
