// The loops of training, evaluation and prediction. The order of hooks, the indices they get and when a stop takes
// effect are Keras' (trainer.fit, evaluate, predict and the epoch iterator).
#include <hornbeam/runtime/fit/loop.h>

#include <algorithm>
#include <limits>

#include <hornbeam/base/error.h>

#include "runtime/fit/feed.h"
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

constexpr int64_t kAll = std::numeric_limits<int64_t>::max();

// An evaluation plan made ready, to be run once or after many epochs.
class Evaluation {
 public:
  Evaluation(const EvaluatePlan& plan, StopFlags* stop, const std::string& title)
      : plan_(plan),
        feed_(make_feed(plan_, title, kEvaluateSegments, plan_.steps.value_or(kAll))),
        group_(plan_.steps_per_execution) {
    if (!plan_.stop) plan_.stop = stop;
    if (feed_->has_outputs()) throw ValueError("evaluate: an entry that evaluates must not have outputs.");
  }

  LogValues run(FitObserver& observer) {
    clear(plan_.stop, &StopFlags::evaluating);
    observer.on_test_begin();
    reset_metrics(plan_);
    feed_->begin_pass(0, std::nullopt);
    int64_t steps = plan_.steps.value_or(kAll);
    for (int64_t step = 0; step < steps;) {
      if (interrupted(plan_)) break;
      int64_t size = group_.value();
      int64_t most = std::min(size, steps - step);
      if (!feed_->has_next(most)) break;
      observer.on_test_batch_begin(step);
      group_.run(*feed_, most);
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
  std::unique_ptr<Feed> feed_;
  StepsPerCall group_;
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
  if (!plan.steps || __builtin_mul_overflow(*plan.steps, epochs, &total)) return kAll;
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

// Runs the training steps of one epoch. With steps_per_epoch it goes on where the last one ended.
void run_epoch(const FitPlan& plan, Feed& feed, StepsPerCall& group, int64_t epoch, FitObserver& observer,
               FitResult& result) {
  bool goes_on = plan.steps && epoch != plan.initial_epoch && feed.has_next(std::min(group.value(), *plan.steps));
  if (!goes_on) feed.begin_pass(epoch, plan.shuffle ? std::optional(plan.seed) : std::nullopt);
  int64_t steps = plan.steps.value_or(kAll);
  for (int64_t step = 0; step < steps;) {
    if (interrupted(plan)) return;
    int64_t size = group.value();
    int64_t most = std::min(size, steps - step);
    if (!feed.has_next(most)) {
      result.ran_out_of_data = plan.steps.has_value();
      return;
    }
    observer.on_train_batch_begin(step);
    int64_t count = group.run(feed, most);
    result.steps_run += count;
    observer.on_train_batch_end(step + size - 1, Logs(plan.read_logs));
    if (is_set(plan.stop, &StopFlags::training)) return;
    step += count;  // less than size only at the end, or where the data ran out
  }
}

}  // namespace

LogNumber::LogNumber(std::vector<double> given) : elements(std::move(given)) {
  for (double element : elements) value += element / static_cast<double>(elements.size());
}

FitResult run_fit(const FitPlan& plan, FitObserver& observer) {
  check_epochs(plan);
  std::unique_ptr<Feed> feed = make_feed(plan, "fit", kTrainSegments, total_batches(plan));
  if (feed->has_outputs()) throw ValueError("fit: an entry that trains must not have outputs.");
  std::optional<Evaluation> validation;
  if (plan.validation) validation.emplace(*plan.validation, plan.stop, "fit: validation data");
  StepsPerCall group(plan.steps_per_execution);
  FitResult result;
  LogValues logs;

  clear(plan.stop, &StopFlags::training);
  observer.on_train_begin();
  for (int64_t epoch = plan.initial_epoch; epoch < plan.epochs && !interrupted(plan); ++epoch) {
    reset_metrics(plan);
    observer.on_epoch_begin(epoch);
    run_epoch(plan, *feed, group, epoch, observer, result);
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
  int64_t steps = plan.steps.value_or(kAll);
  std::unique_ptr<Feed> feed = make_feed(plan, "predict", kPredictSegments, steps);
  feed->keep_outputs(steps);
  StepsPerCall group(plan.steps_per_execution);

  clear(plan.stop, &StopFlags::predicting);
  observer.on_predict_begin();
  feed->begin_pass(0, std::nullopt);
  int64_t done = 0;
  while (done < steps && !interrupted(plan)) {
    int64_t begin = done;
    int64_t size = group.value();
    int64_t most = std::min(size, steps - begin);
    if (!feed->has_next(most)) break;
    observer.on_predict_batch_begin(begin);
    done += group.run(*feed, most);
    observer.on_predict_batch_end(begin + size - 1, [&] { return feed->outputs(begin, done); });
    if (is_set(plan.stop, &StopFlags::predicting)) break;
  }
  observer.on_predict_end();
  return feed->outputs(0, done);
}

}  // namespace hornbeam::runtime
