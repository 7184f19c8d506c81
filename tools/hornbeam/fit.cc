// hornbeam fit MODEL --data D --output OUT.keras: trains a model.
#include <unistd.h>

#include <chrono>
#include <cstdio>

#include <hornbeam/callbacks/backup_and_restore.h>
#include <hornbeam/callbacks/history.h>
#include <hornbeam/callbacks/progbar_logger.h>
#include <hornbeam/config.h>
#include <hornbeam/interrupt.h>
#include <hornbeam/plot.h>
#include <hornbeam/random.h>
#include <hornbeam/saving.h>

#include "tools/hornbeam/commands.h"
#include "tools/hornbeam/compile_options.h"
#include "tools/hornbeam/data_files.h"
#include "tools/hornbeam/fit_callbacks.h"
#include "tools/hornbeam/image_folders.h"
#include "tools/hornbeam/interrupt.h"
#include "tools/hornbeam/options.h"
#include "tools/hornbeam/output.h"

namespace hornbeam::cli {
namespace {

struct Options {
  std::string model, data, validation_data, output;
  DataOptions files;
  CommonOptions common;
  CompileOverrides compile;
  std::string steps_per_execution = "auto";
  double validation_split = 0;
  int64_t validation_freq = 1;
  int64_t epochs = 1, initial_epoch = 0, batch_size = 32;
  std::optional<int64_t> steps_per_epoch, seed;
  std::string class_weight, early_stopping, checkpoint, log_dir, backup, history, plot;
  bool no_shuffle = false, quiet = false, json = false;
};

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

StepsPerExecution parse_steps(const std::string& text) {
  if (text == "auto") return "auto";
  if (text.size() > 9 || text.find_first_not_of("0123456789") != std::string::npos)
    throw ValueError("--steps-per-execution: expected a number or auto. Received: " + text);
  return StepsPerExecution(static_cast<int64_t>(std::stoll(text)));
}

Config to_json(const History& history) {
  Config all = Config::object();
  for (const auto& [name, values] : history.history) all[name] = Config(values);
  return all;
}

// Everything that can be wrong with the options is told before the model is read and the training begins.
std::vector<CallbackHandle> make_callbacks(const Options& options) {
  std::vector<CallbackHandle> list;
  if (!options.backup.empty()) list.push_back(callbacks::BackupAndRestore({.backup_dir = options.backup}));
  if (!options.early_stopping.empty()) list.push_back(make_early_stopping(options.early_stopping));
  if (!options.checkpoint.empty()) list.push_back(make_checkpoint(options.checkpoint));
  return list;
}

void fit(const Options& options) {
  apply(options.common);
  for (const std::string& path : {options.output, options.history, options.plot}) check_writable(path);
  if (!options.output.ends_with(".keras") && !options.output.ends_with(".h5"))
    throw ValueError(options.output + ": the name of the trained model must end with .keras or .h5");
  if (!options.plot.empty() && !options.plot.ends_with(".svg"))
    throw ValueError(options.plot + ": curves are drawn as .svg");
  std::vector<CallbackHandle> list = make_callbacks(options);
  FitOptions fit{.epochs = options.epochs,
                 .batch_size = options.batch_size,
                 .verbose = options.quiet           ? 0
                            : isatty(STDERR_FILENO) ? 1
                                                    : 2,
                 .validation_split = options.validation_split,
                 .shuffle = !options.no_shuffle,
                 .class_weight = parse_class_weight(options.class_weight),
                 .initial_epoch = options.initial_epoch,
                 .steps_per_epoch = options.steps_per_epoch,
                 .validation_freq = options.validation_freq,
                 .seed = options.seed};
  if (options.seed) set_random_seed(*options.seed);

  const double start = seconds_now();
  Model model = load_model(options.model);
  CompileOptions compile = compile_options(model, options.model, options.compile);
  compile.steps_per_execution = parse_steps(options.steps_per_execution);
  apply(options.common, compile);
  model.compile(compile);
  if (options.common.verbose)
    std::fprintf(stderr, "read %s in %s\n", options.model.c_str(), readable_seconds(seconds_now() - start).c_str());

  const bool folder = is_folder(options.data);
  Samples samples;
  Dataset dataset;
  FolderOptions pictures{.batch_size = options.batch_size, .seed = options.seed};
  if (folder) {
    // One seed for both parts, so that they have no file in common.
    if (!pictures.seed) pictures.seed = draw_seed() % 1000000;
    pictures.validation_split = options.validation_split;
    fit.validation_split = 0;
    fit.batch_size = {};
    if (options.validation_split > 0) {
      FolderOptions held = pictures;
      held.subset = Subset::validation;
      held.shuffle = pictures.shuffle = !options.no_shuffle;
      fit.validation_data = read_image_folder(model, options.data, held);
      pictures.subset = Subset::training;
    }
    pictures.shuffle = !options.no_shuffle;
    dataset = read_image_folder(model, options.data, pictures);
  } else {
    samples = read_samples(model, options.data, Part::train, options.files);
    fit.sample_weight = samples.sample_weight;
  }
  if (is_folder(options.validation_data)) {
    fit.validation_data = read_image_folder(model, options.validation_data, {.batch_size = options.batch_size});
  } else if (!options.validation_data.empty()) {
    Samples validation = read_samples(model, options.validation_data, Part::test, options.files);
    fit.validation_data = {validation.x, validation.y, validation.sample_weight};
    if (folder) fit.validation_batch_size = options.batch_size;
  }
  if (options.common.verbose && !folder)
    std::fprintf(stderr, "read %s, %lld samples, in %s\n", options.data.c_str(),
                 static_cast<long long>(samples.x[0].shape()[0]), readable_seconds(seconds_now() - start).c_str());
  if (!options.log_dir.empty())
    for (const CallbackHandle& logger : make_loggers(options.log_dir)) list.push_back(logger);
  if (!options.quiet) list.push_back(callbacks::ProgbarLogger({.stream = stderr}));
  callbacks::History history;
  list.push_back(history);
  fit.callbacks = list;

  catch_interrupt();
  try {
    if (folder)
      model.fit(dataset, fit);
    else
      model.fit(samples.x, samples.y, fit);
  } catch (const Interrupted&) {
    std::fprintf(stderr, "\ninterrupted after %zu whole epochs; saving what was trained\n", history.epoch().size());
  }
  model.save(options.output);
  const History kept{history.epoch(), history.history()};
  if (!options.history.empty()) write_text(options.history, to_json(kept).to_json() + "\n");
  if (!options.plot.empty()) write_text(options.plot, history_to_svg(kept));
  std::fprintf(stderr, "wrote %s\n", options.output.c_str());
  if (options.json) std::printf("%s\n", to_json(kept).to_json().c_str());
}

void add_training_options(CLI::App& command, Options& options) {
  command.add_option("--epochs", options.epochs, "Passes over the data")
      ->type_name("N")
      ->check(between(1, 1e12))
      ->capture_default_str();
  command
      .add_option("--initial-epoch", options.initial_epoch,
                  "The first epoch's number, from 0; to go on with a training")
      ->type_name("N")
      ->check(at_least(0))
      ->capture_default_str();
  add_batch_size(command, options.batch_size);
  command.add_option("--steps-per-epoch", options.steps_per_epoch, "Batches in an epoch; default: all of the data")
      ->type_name("N")
      ->check(at_least(1));
  command
      .add_option("--steps-per-execution", options.steps_per_execution,
                  "Training steps in one call; the result does not depend on it")
      ->type_name("N|auto")
      ->capture_default_str();
  command
      .add_option("--optimizer", options.compile.optimizer,
                  "A Keras name, or a Keras config as JSON; default: the file's, with its state")
      ->type_name("OPTIMIZER");
  command.add_option("--learning-rate", options.compile.learning_rate, "Default: the file's, or the optimizer's")
      ->type_name("R")
      ->check(at_least(0));
  command.add_option("--loss", options.compile.loss, "A Keras name, or a Keras config as JSON; default: the file's")
      ->type_name("LOSS");
  command.add_option("--class-weight", options.class_weight, "Weights of the samples by their class, as in 0=1,1=2.5")
      ->type_name("CLASS=WEIGHT,...");
  command.add_option("--seed", options.seed, "Of shuffling and dropout; default: another one each time")
      ->type_name("N");
  command.add_flag("--no-shuffle", options.no_shuffle, "Take the samples in their order");
}

void add_watching_options(CLI::App& command, Options& options) {
  command
      .add_option("--early-stopping", options.early_stopping,
                  "End when a value stops improving: PATIENCE, or Keras' arguments as in "
                  "monitor=val_loss,patience=3,restore_best_weights=true")
      ->type_name("SETTINGS");
  command
      .add_option("--checkpoint", options.checkpoint,
                  "Save after each epoch: a path as in model-{epoch:02d}.keras, or Keras' arguments as in "
                  "filepath=best.keras,save_best_only=true")
      ->type_name("SETTINGS");
  command
      .add_option("--backup", options.backup,
                  "Back up each epoch in this folder, and go on from a backup that is there")
      ->type_name("DIR");
  command.add_option("--log-dir", options.log_dir, "Write log.csv and TensorBoard's event files to this folder")
      ->type_name("DIR");
  command.add_option("--history", options.history, "Write the metrics of each epoch as JSON")->type_name("H.json");
  command.add_option("--plot", options.plot, "Draw the metrics of each epoch")->type_name("CURVES.svg");
  command.add_flag("-q,--quiet", options.quiet, "No progress bar");
  command.add_flag("--json", options.json, "Print the metrics of each epoch as one JSON object");
}

}  // namespace

void add_fit(CLI::App& app) {
  static Options options;
  CLI::App* command = app.add_subcommand("fit", "Train a model");
  command->add_option("MODEL", options.model, "A .keras or .h5 file")->required();
  command->add_option("--data", options.data, kSamplesHelp)->type_name("DATA")->required();
  command->add_option("--output", options.output, "The trained model: .keras or .h5")
      ->type_name("OUT.keras")
      ->required();
  CLI::Option* split = command
                           ->add_option("--validation-split", options.validation_split,
                                        "The last fraction of the data is for validation")
                           ->type_name("F")
                           ->check(between(0, 1))
                           ->capture_default_str();
  command->add_option("--validation-data", options.validation_data, "Data for validation, in the forms of --data")
      ->type_name("DATA")
      ->excludes(split);
  command->add_option("--validation-freq", options.validation_freq, "Validate after every so many epochs")
      ->type_name("N")
      ->check(at_least(1))
      ->capture_default_str();
  add_training_options(*command, options);
  CLI::Option* metrics = command->add_option_function<std::vector<std::string>>(
      "--metrics", [](const std::vector<std::string>& names) { options.compile.metrics = names; },
      "Keras names, as in accuracy,mae; default: the file's");
  metrics->type_name("NAMES")->delimiter(',');
  add_watching_options(*command, options);
  add_data_options(*command, options.files);
  add_common_options(*command, options.common);
  command->footer(
      "Ctrl-C ends the training after the running step, saves the model, and exits with 130.\n\n"
      "Example:\n  hornbeam fit model.keras --data train.npz --validation-split 0.1 --epochs 5 --output trained.keras\n"
      "  hornbeam fit model.keras --data fashion-mnist --validation-data fashion-mnist --early-stopping 3 "
      "--plot curves.svg --output trained.keras\n"
      "  hornbeam fit cats_and_dogs.keras --data pictures/ --validation-split 0.2 --seed 1 --output trained.keras");
  command->callback([] { fit(options); });
}

}  // namespace hornbeam::cli
