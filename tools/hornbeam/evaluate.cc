// hornbeam evaluate MODEL --data D: loss and metrics of the compile config in the file.
#include <cstdio>

#include <hornbeam/saving.h>

#include "tools/hornbeam/commands.h"
#include "tools/hornbeam/data_files.h"
#include "tools/hornbeam/output.h"

namespace hornbeam::cli {
namespace {

struct Options {
  std::string model, data;
  int64_t batch_size = 32;
  int threads = 0;
  bool json = false;
};

void evaluate(const Options& options) {
  Model model = load_model(options.model);
  if (!model.compiled())
    throw ValueError(options.model + ": the model is not compiled, so the file names no loss and no metrics");
  CompileOptions compile = model.compile_options();
  compile.num_threads = options.threads;
  model.compile(compile);
  Samples samples = read_samples(model, options.data);
  Logs logs = model.evaluate(samples.x, samples.y,
                             {.batch_size = options.batch_size, .verbose = 0, .sample_weight = samples.sample_weight});
  std::string text;
  for (const auto& [name, value] : logs)
    text += options.json ? (text.empty() ? "\"" : ", \"") + name + "\": " + json_number(value)
                         : name + ": " + json_number(value) + "\n";
  std::printf("%s", (options.json ? "{" + text + "}\n" : text).c_str());
}

}  // namespace

void add_evaluate(CLI::App& app) {
  static Options options;
  CLI::App* command = app.add_subcommand("evaluate", "Loss and metrics of a model on data");
  command->add_option("MODEL", options.model, "A .keras file of a compiled model")->required();
  command
      ->add_option("--data", options.data,
                   "A .npz with inputs (named, x0, x1, ... or x), targets (named, y0, ... or y), sample_weight")
      ->required();
  command->add_option("--batch-size", options.batch_size, "Samples in a batch")
      ->check(CLI::Range(1, 1 << 24))
      ->capture_default_str();
  command->add_option("--threads", options.threads, "Worker threads; 0: all cores")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
  command->add_flag("--json", options.json, "Print one JSON object");
  command->footer("Example:\n  hornbeam evaluate model.keras --data test.npz --json");
  command->callback([] { evaluate(options); });
}

}  // namespace hornbeam::cli
