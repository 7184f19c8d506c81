// hornbeam bench fit|predict MODEL: seconds of each call of the compiled program, through the fit and predict that
// users call.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include <hornbeam/compile_cache.h>
#include <hornbeam/interrupt.h>
#include <hornbeam/profile.h>
#include <hornbeam/saving.h>

#include "tools/hornbeam/bench_data.h"
#include "tools/hornbeam/commands.h"
#include "tools/hornbeam/interrupt.h"
#include "tools/hornbeam/options.h"
#include "tools/hornbeam/output.h"

namespace hornbeam::cli {
namespace {

struct BenchOptions {
  std::string model;
  int64_t batch_size = 32;
  int64_t steps = 100;
  int64_t steps_per_execution = 1;
  CommonOptions common;
  bool json = false;
  bool profile = false;
  std::string trace;  // the profile's trace goes there
};

struct Timings {
  std::vector<double> calls;  // seconds of each
  int64_t steps_per_call = 1;
  double compile = 0;
};

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

int64_t peak_rss_bytes() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return int64_t{usage.ru_maxrss} * 1024;
}

void print(const Timings& timings, bool json) {
  if (timings.calls.empty()) return;  // interrupted before the first
  if (json) {
    const CompileCacheUsage cache = compile_cache_usage();
    std::printf(
        "{\"step_seconds\": %s, \"steps_per_call\": %lld, \"compile_seconds\": %s, \"peak_rss_bytes\": %lld, "
        "\"cache\": {\"found\": %lld, \"missed\": %lld}}\n",
        json_array(timings.calls).c_str(), static_cast<long long>(timings.steps_per_call),
        json_number(timings.compile).c_str(), static_cast<long long>(peak_rss_bytes()),
        static_cast<long long>(cache.found), static_cast<long long>(cache.missed));
    return;
  }
  std::vector<double> steps(timings.calls.begin() + (timings.calls.size() > 1 ? 1 : 0), timings.calls.end());
  for (double& seconds : steps) seconds /= static_cast<double>(timings.steps_per_call);
  std::sort(steps.begin(), steps.end());
  std::printf("step: %s median, %s best, of %zu calls of %lld steps; compiled in %s; peak memory %.0f MB\n",
              readable_seconds(steps[steps.size() / 2]).c_str(), readable_seconds(steps.front()).c_str(), steps.size(),
              static_cast<long long>(timings.steps_per_call), readable_seconds(timings.compile).c_str(),
              peak_rss_bytes() / 1e6);
}

// Ends fit after the wanted number of calls. It asks for the logs, so the loss is read once a call.
class CallClock : public Callback {
 public:
  CallClock(Timings& timings, int64_t calls, double start) : timings_(timings), wanted_(calls), start_(start) {}

  void on_train_batch_begin(int64_t, const Logs&) override {
    if (last_ != 0) return;
    last_ = now();
    timings_.compile = last_ - start_;
  }
  void on_train_batch_end(int64_t, const Logs& logs) override {
    double end = now();
    timings_.calls.push_back(end - last_);
    last_ = end;
    loss_ = logs.at("loss");
    if (static_cast<int64_t>(timings_.calls.size()) >= wanted_) model().stop_training() = true;
  }

 private:
  Timings& timings_;
  int64_t wanted_;
  double start_;
  double last_ = 0;
  double loss_ = 0;
};

Model load_to_train(const BenchOptions& options) {
  Model model = load_model(options.model);
  if (!model.compiled())
    throw ValueError(options.model +
                     ": the model is not compiled; compile it in Keras before saving, so that the file "
                     "says with which loss and optimizer to train");
  CompileOptions compile = model.compile_options();
  compile.steps_per_execution = options.steps_per_execution;
  apply(options.common, compile);
  model.compile(compile);
  return model;
}

Timings bench_fit(const BenchOptions& options) {
  Model model = load_to_train(options);
  int64_t group = options.batch_size * options.steps_per_execution;
  int64_t calls = options.steps / options.steps_per_execution;
  // A single call (a cold start) needs its own samples only; else batches come from as many as there are.
  BenchData data = make_bench_data(model, calls > 1 ? kMostSamples : group, group, true);
  Timings timings;
  timings.steps_per_call = options.steps_per_execution;
  int64_t calls_per_epoch = data.samples / group;
  CallClock clock(timings, calls, now());
  try {
    model.fit(data.x, data.y,
              {.epochs = (calls + calls_per_epoch - 1) / calls_per_epoch,
               .batch_size = options.batch_size,
               .verbose = 0,
               .callbacks = {std::ref(clock)}});
  } catch (const Interrupted&) {
    // What was measured until then is printed.
  }
  return timings;
}

// Times each batch of predict. Between two runs of predict the clock stands still.
class PredictClock : public Callback {
 public:
  PredictClock(Timings& timings, int64_t calls, double start) : timings_(timings), wanted_(calls), start_(start) {}

  void on_predict_begin(const Logs&) override { last_ = 0; }
  void on_predict_batch_begin(int64_t, const Logs&) override {
    if (last_ == 0) last_ = now();
    if (timings_.calls.empty()) timings_.compile = last_ - start_;
  }
  void on_predict_batch_end(int64_t, const Logs&) override {
    double end = now();
    timings_.calls.push_back(end - last_);
    last_ = end;
  }
  bool needs_batch_logs() const override { return false; }
  bool done() const { return static_cast<int64_t>(timings_.calls.size()) >= wanted_; }

 private:
  Timings& timings_;
  int64_t wanted_;
  double start_;
  double last_ = 0;
};

Model load_to_predict(const BenchOptions& options) {
  Model model = load_model(options.model, {.compile = false});
  CompileOptions compile{.optimizer = "sgd"};
  apply(options.common, compile);
  model.compile(compile);
  return model;
}

Timings bench_predict(const BenchOptions& options) {
  Model model = load_to_predict(options);
  int64_t wanted =
      options.steps > kMostSamples / options.batch_size ? kMostSamples : options.steps * options.batch_size;
  BenchData data = make_bench_data(model, wanted, options.batch_size, false);
  Timings timings;
  PredictClock clock(timings, options.steps, now());
  try {
    while (!clock.done()) {
      int64_t left = options.steps - static_cast<int64_t>(timings.calls.size());
      model.predict(data.x, {.batch_size = options.batch_size,
                             .verbose = 0,
                             .steps = std::min(left, data.samples / options.batch_size),
                             .callbacks = {std::ref(clock)}});
    }
  } catch (const Interrupted&) {
    // As above.
  }
  return timings;
}

// With --profile: not the calls' seconds, but what each layer takes of a step.
void print(const Profile& profile, const BenchOptions& options) {
  if (!options.trace.empty()) {
    profile.save_trace(options.trace);
    std::fprintf(stderr, "Wrote %s: open it in Perfetto or chrome://tracing.\n", options.trace.c_str());
  }
  std::fputs((options.json ? profile.to_json() + "\n" : profile.table()).c_str(), stdout);
}

Profile profile_fit(const BenchOptions& options) {
  Model model = load_to_train(options);
  int64_t group = options.batch_size * options.steps_per_execution;
  BenchData data = make_bench_data(model, group, group, true);
  return hornbeam::profile_fit(model, data.x, data.y, {.batch_size = options.batch_size, .steps = options.steps});
}

Profile profile_predict(const BenchOptions& options) {
  Model model = load_to_predict(options);
  BenchData data = make_bench_data(model, options.batch_size, options.batch_size, false);
  return hornbeam::profile_predict(model, data.x, {.batch_size = options.batch_size, .steps = options.steps});
}

CLI::App* add_mode(CLI::App& bench, const std::string& name, const std::string& description, BenchOptions& options) {
  CLI::App* mode = bench.add_subcommand(name, description);
  mode->add_option("MODEL", options.model, "A .keras file")->required();
  add_batch_size(*mode, options.batch_size);
  mode->add_option("--steps", options.steps, "Steps to run")
      ->type_name("N")
      ->check(between(1, 1e12))
      ->capture_default_str();
  mode->add_flag("--json", options.json,
                 "Print one JSON object: seconds of each call, steps a call, seconds to compile, peak memory; with "
                 "--profile the profile");
  mode->add_flag("--profile", options.profile,
                 "Print instead where a step's time goes: a line a layer, with its arithmetic, its memory traffic and "
                 "its share of what this machine can do");
  mode->add_option("--trace", options.trace, "Write each kernel's time as a trace for Perfetto; implies --profile")
      ->type_name("FILE.json");
  add_common_options(*mode, options.common);
  return mode;
}

}  // namespace

void add_bench(CLI::App& app) {
  static BenchOptions options;
  CLI::App* bench = app.add_subcommand("bench", "Time a model's steps on synthetic data");
  bench->require_subcommand(1);
  CLI::App* fit =
      add_mode(*bench, "fit", "Time training steps, with the loss and optimizer that the file names", options);
  fit->add_option("--steps-per-execution", options.steps_per_execution,
                  "Training steps in one call; --steps is a multiple of it")
      ->type_name("N")
      ->check(between(1, 1 << 20))
      ->capture_default_str();
  fit->footer(
      "Example:\n  hornbeam bench fit model.keras --batch-size 32 --steps 3200 --steps-per-execution 32 --threads 1 "
      "--json");
  fit->callback([] {
    if (options.steps % options.steps_per_execution != 0)
      throw CLI::ValidationError("--steps", "must be a multiple of --steps-per-execution (" +
                                                std::to_string(options.steps_per_execution) + ")");
    apply(options.common);
    catch_interrupt();
    if (options.profile || !options.trace.empty()) return print(profile_fit(options), options);
    print(bench_fit(options), options.json);
  });
  CLI::App* predict = add_mode(*bench, "predict", "Time predictions of one batch", options);
  predict->footer("Example:\n  hornbeam bench predict model.keras --batch-size 1 --steps 1000 --threads 1 --json");
  predict->callback([] {
    apply(options.common);
    catch_interrupt();
    if (options.profile || !options.trace.empty()) return print(profile_predict(options), options);
    print(bench_predict(options), options.json);
  });
}

}  // namespace hornbeam::cli
