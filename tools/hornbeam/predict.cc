// hornbeam predict MODEL --input X [--output Y.npz]: what the model makes of some inputs.
#include <algorithm>
#include <cstdio>

#include <hornbeam/runtime/data/npy.h>
#include <hornbeam/saving.h>

#include "tools/hornbeam/commands.h"
#include "tools/hornbeam/data_files.h"

namespace hornbeam::cli {
namespace {

constexpr int64_t kRowsShown = 5;
constexpr int64_t kValuesShown = 10;

struct Options {
  std::string model, input, output;
  int64_t batch_size = 32;
  int threads = 0;
};

void show(const std::string& name, const Array& array) {
  std::printf("%s: %s %s\n", name.c_str(), std::string(name_of(array.dtype())).c_str(),
              array.shape().to_string().c_str());
  if (array.shape().empty()) return;
  int64_t rows = array.shape()[0], width = rows ? array.num_elements() / rows : 0;
  for (int64_t row = 0; row < std::min(rows, kRowsShown); ++row) {
    for (int64_t i = 0; i < std::min(width, kValuesShown); ++i)
      std::printf("%s%.6g", i ? " " : "  ", array.get(row * width + i));
    std::printf("%s\n", width > kValuesShown ? " ..." : "");
  }
  if (rows > kRowsShown) std::printf("  ...\n");
}

void predict(const Options& options) {
  Model model = load_model(options.model, {.compile = false});
  model.compile({.optimizer = "sgd", .num_threads = options.threads});
  Arrays outputs = model.predict(read_inputs(model, options.input), {.batch_size = options.batch_size, .verbose = 0});
  std::vector<std::string> names = model.output_names();
  runtime::NamedArrays named;
  for (size_t i = 0; i < outputs.size(); ++i)
    named.emplace_back(i < names.size() ? names[i] : "y" + std::to_string(i), outputs[i]);
  if (options.output.empty()) {
    for (const auto& [name, array] : named) show(name, array);
    return;
  }
  runtime::write_npz(options.output, named);
  std::fprintf(stderr, "wrote %zu arrays to %s\n", named.size(), options.output.c_str());
}

}  // namespace

void add_predict(CLI::App& app) {
  static Options options;
  CLI::App* command = app.add_subcommand("predict", "Run a model on data");
  command->add_option("MODEL", options.model, "A .keras file")->required();
  command->add_option("--input", options.input, "A .npz with arrays named by the inputs, x0, x1, ... or x; or a .npy")
      ->required();
  command->add_option("--output", options.output,
                      "Write a .npz with arrays named by the outputs; else the first rows are shown");
  command->add_option("--batch-size", options.batch_size, "Samples in a batch")
      ->check(CLI::Range(1, 1 << 24))
      ->capture_default_str();
  command->add_option("--threads", options.threads, "Worker threads; 0: all cores")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
  command->footer("Example:\n  hornbeam predict model.keras --input images.npz --output predictions.npz");
  command->callback([] { predict(options); });
}

}  // namespace hornbeam::cli
