// hornbeam evaluate MODEL --data D: loss and metrics of the compile config in the file, or of the options.
#include <cstdio>

#include <hornbeam/config.h>
#include <hornbeam/saving.h>

#include "tools/hornbeam/commands.h"
#include "tools/hornbeam/compile_options.h"
#include "tools/hornbeam/data_files.h"
#include "tools/hornbeam/image_folders.h"
#include "tools/hornbeam/options.h"
#include "tools/hornbeam/output.h"

namespace hornbeam::cli {
namespace {

struct Options {
  std::string model, data, loss;
  std::vector<std::string> metrics;
  DataOptions files;
  CommonOptions common;
  int64_t batch_size = 32;
  bool json = false;
};

void evaluate(const Options& options, bool has_metrics) {
  apply(options.common);
  Model model = load_model(options.model);
  CompileOverrides overrides{.loss = options.loss};
  if (has_metrics) overrides.metrics = options.metrics;
  CompileOptions compile = compile_options(model, options.model, overrides);
  apply(options.common, compile);
  model.compile(compile);
  Logs logs;
  if (is_folder(options.data)) {
    logs = model.evaluate(read_image_folder(model, options.data, {.batch_size = options.batch_size}), {.verbose = 0});
  } else {
    Samples samples = read_samples(model, options.data, Part::test, options.files);
    logs = model.evaluate(
        samples.x, samples.y,
        {.batch_size = options.batch_size, .verbose = 0, .sample_weight = samples.sample_weight});
  }
  if (options.json) {
    Config all = Config::object();
    for (const auto& [name, value] : logs) all[name] = value;
    std::printf("%s\n", all.to_json().c_str());
    return;
  }
  for (const auto& [name, value] : logs) std::printf("%s: %s\n", name.c_str(), json_number(value).c_str());
}

}  // namespace

void add_evaluate(CLI::App& app) {
  static Options options;
  CLI::App* command = app.add_subcommand("evaluate", "Loss and metrics of a model on data");
  command->add_option("MODEL", options.model, "A .keras or .h5 file")->required();
  command->add_option("--data", options.data, kSamplesHelp)->type_name("DATA")->required();
  add_batch_size(*command, options.batch_size);
  command->add_option("--loss", options.loss, "A Keras name, or a Keras config as JSON; default: the file's")
      ->type_name("LOSS");
  CLI::Option* metrics =
      command->add_option("--metrics", options.metrics, "Keras names, as in accuracy,mae; default: the file's")
          ->type_name("NAMES")
          ->delimiter(',');
  command->add_flag("--json", options.json, "Print one JSON object");
  add_data_options(*command, options.files);
  add_common_options(*command, options.common);
  command->footer("Example:\n  hornbeam evaluate model.keras --data test.npz --json");
  command->callback([metrics] { evaluate(options, metrics->count() > 0); });
}

}  // namespace hornbeam::cli
