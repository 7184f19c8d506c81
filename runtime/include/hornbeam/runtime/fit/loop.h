// The loops of training, evaluation and prediction: which rows a call gets, how many steps it runs, and when the observer
// hears of it. Rows of data in memory are chosen by number and nothing is copied; other data come as a stream.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <hornbeam/base/array.h>
#include <hornbeam/runtime/device.h>
#include <hornbeam/runtime/fit/observer.h>
#include <hornbeam/runtime/fit/stream.h>
#include <hornbeam/runtime/state.h>

namespace hornbeam::runtime {

// Requests to end a loop, set by a hook, another thread or a signal handler. Keras' rules: stop_training ends the epoch
// after the running call (validation and on_epoch_end still come), stop_evaluating and stop_predicting their loop.
// `interrupted` ends any loop after the running call, without validation or on_epoch_end; the *_end hooks still come.
// A loop clears its own stop flag as it begins, and never `interrupted`.
struct StopFlags {
  std::atomic<bool> training{false};
  std::atomic<bool> evaluating{false};
  std::atomic<bool> predicting{false};
  std::atomic<bool> interrupted{false};
};

// What the three loops have in common. Pointers are borrowed.
struct Job {
  State* state = nullptr;
  Step step;        // its batch_size is the job's; may be missing if there are fewer rows than a batch
  Step short_step;  // its batch_size is rows % batch_size; may be missing if that is 0 or the last batch never comes
  std::vector<Array> data;  // in the order of the entry's inputs; equal numbers of rows
  int64_t batch_size = 0;
  BatchStream* stream = nullptr;  // instead of the programs, data and batch_size above
  int64_t steps_per_execution = 1;  // N; 0 = auto: a power of two such that the overhead of a call is below 1 %
  // steps_per_epoch, validation_steps, steps. Training goes on through the data from epoch to epoch and starts again
  // when it runs out (an epoch ends early there); without it an epoch is a pass over the data. Evaluation and prediction start at the first row each time.
  std::optional<int64_t> steps;
  StopFlags* stop = nullptr;
};

struct EvaluatePlan : Job {
  std::function<void()> reset_metrics;   // default: state->reset(Segment::metrics)
  std::function<LogValues()> read_logs;  // the metrics' results in the state's present condition
};

struct FitPlan : Job {
  std::function<void()> reset_metrics;
  std::function<LogValues()> read_logs;
  int64_t epochs = 1;
  int64_t initial_epoch = 0;
  bool shuffle = true;  // a new permutation of all rows for every pass over arrays, by (seed, epoch) alone
  uint64_t seed = 0;
  std::optional<EvaluatePlan> validation;
  int64_t validation_freq = 1;             // validate after every so many epochs, or
  std::vector<int64_t> validation_epochs;  // if not empty: after these (counted from 1, as Keras does)
};

struct PredictPlan : Job {};

struct FitResult {
  int64_t steps_run = 0;            // training steps, over all epochs
  int64_t epochs_run = 0;           // whole or ended early by stop_training
  int64_t steps_per_execution = 0;  // what auto chose, or what was given
  bool ran_out_of_data = false;     // an epoch ended before its steps_per_epoch
  bool interrupted = false;
};

// All throw ValueError for a plan that does not fit its programs (counts, dtypes, shapes, sizes, empty data) before
// anything is run or any hook called.
FitResult run_fit(const FitPlan& plan, FitObserver& observer);
LogValues run_evaluate(const EvaluatePlan& plan, FitObserver& observer);
// One array [rows that were run, ...] per output of the entry, in row order.
std::vector<Array> run_predict(const PredictPlan& plan, FitObserver& observer);

// The order of `num_rows` rows in the pass that begins at `epoch`: a uniform random permutation that depends on the
// arguments alone.
void shuffle_rows(uint64_t seed, int64_t epoch, std::span<int64_t> rows);

}  // namespace hornbeam::runtime
