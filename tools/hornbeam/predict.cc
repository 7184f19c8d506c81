// hornbeam predict MODEL --input X [--output Y.npz]: what the model makes of some inputs.
#include <algorithm>
#include <cstdio>

#include <hornbeam/base/strings.h>
#include <hornbeam/config.h>
#include <hornbeam/runtime/data/npy.h>
#include <hornbeam/saving.h>

#include "tools/hornbeam/commands.h"
#include "tools/hornbeam/data_files.h"
#include "tools/hornbeam/image_folders.h"
#include "tools/hornbeam/options.h"
#include "tools/hornbeam/program.h"

namespace hornbeam::cli {
namespace {

constexpr int64_t kRowsShown = 5;
constexpr int64_t kValuesShown = 10;

struct Options {
  std::string model, program, weights, input, output;
  DataOptions data;
  CommonOptions common;
  int64_t batch_size = 32;
  bool json = false;
};

// A string in one line, quoted.
std::string shown(const Array& array, int64_t i) { return Config(strings_of(array)[static_cast<size_t>(i)]).to_json(); }

void show(const std::string& name, const Array& array) {
  std::printf("%s: %s %s\n", name.c_str(), std::string(name_of(array.dtype())).c_str(),
              array.shape().to_string().c_str());
  if (array.shape().empty()) return;
  int64_t rows = array.shape()[0], width = rows ? array.num_elements() / rows : 0;
  for (int64_t row = 0; row < std::min(rows, kRowsShown); ++row) {
    for (int64_t i = 0; i < std::min(width, kValuesShown); ++i) {
      if (array.dtype() == DType::string) std::printf("%s%s", i ? " " : "  ", shown(array, row * width + i).c_str());
      else std::printf("%s%.6g", i ? " " : "  ", array.get(row * width + i));
    }
    std::printf("%s\n", width > kValuesShown ? " ..." : "");
  }
  if (rows > kRowsShown) std::printf("  ...\n");
}

// Nested lists, as NumPy's tolist().
Config to_lists(const Array& array, int64_t axis = 0, int64_t begin = 0) {
  if (axis == array.shape().rank() && array.dtype() == DType::string)
    return Config(strings_of(array)[static_cast<size_t>(begin)]);
  if (axis == array.shape().rank()) return Config(array.get(begin));
  int64_t stride = 1;
  for (int64_t i = axis + 1; i < array.shape().rank(); ++i) stride *= array.shape()[i];
  Config list = Config::array();
  for (int64_t i = 0; i < array.shape()[axis]; ++i) list.push_back(to_lists(array, axis + 1, begin + i * stride));
  return list;
}

runtime::NamedArrays predict_with_model(const Options& options) {
  Model model = load_model(options.model, {.compile = false});
  CompileOptions compile{.optimizer = "sgd"};
  apply(options.common, compile);
  model.compile(compile);
  Arrays outputs =
      is_folder(options.input)
          ? model.predict(read_image_folder(model, options.input, {.labels = false, .batch_size = options.batch_size}),
                          {.verbose = 0})
          : model.predict(read_inputs(model, options.input, options.data),
                          {.batch_size = options.batch_size, .verbose = 0});
  std::vector<std::string> names = model.output_names();
  runtime::NamedArrays named;
  for (size_t i = 0; i < outputs.size(); ++i)
    named.emplace_back(i < names.size() ? names[i] : "y" + std::to_string(i), outputs[i]);
  return named;
}

void predict(const Options& options) {
  apply(options.common);
  check_writable(options.output);
  runtime::NamedArrays named = options.program.empty()
                                   ? predict_with_model(options)
                                   : predict_with_program(options.program, options.weights, options.input);
  if (!options.output.empty()) {
    for (auto& [name, array] : named)  // NumPy has no bfloat16
      if (array.dtype() == DType::bfloat16) array = array.cast(DType::float32);
    runtime::write_npz(options.output, named);
    std::fprintf(stderr, "wrote %zu array%s to %s\n", named.size(), named.size() == 1 ? "" : "s",
                 options.output.c_str());
  }
  if (options.json) {
    Config all = Config::object();
    for (const auto& [name, array] : named) all[name] = to_lists(array);
    std::printf("%s\n", all.to_json().c_str());
  } else if (options.output.empty()) {
    for (const auto& [name, array] : named) show(name, array);
  }
}

}  // namespace

void add_predict(CLI::App& app) {
  static Options options;
  CLI::App* command = app.add_subcommand("predict", "Run a model on data");
  CLI::Option* model = command->add_option("MODEL", options.model, "A .keras or .h5 file");
  CLI::Option* program =
      command->add_option("--program", options.program,
                          "A package instead of a model. It is code: name only what you would run as a program");
  program->type_name("P.hbp")->excludes(model);
  command->add_option("--weights", options.weights, "Of the package; else the .safetensors file beside it")
      ->type_name("W.safetensors")
      ->needs(program);
  command
      ->add_option("--input", options.input,
                   "A .npz with arrays named by the inputs, x0, x1, ... or x; a .npy; a .csv; a folder of pictures, in "
                   "the order of their paths; or a data set's name")
      ->type_name("DATA")
      ->required();
  command
      ->add_option("--output", options.output,
                   "Write a .npz with arrays named by the outputs; else the first rows are shown")
      ->type_name("Y.npz");
  add_batch_size(*command, options.batch_size);
  command->add_flag("--json", options.json, "Print one JSON object: lists of numbers by the outputs' names");
  add_data_options(*command, options.data);
  add_common_options(*command, options.common);
  command->footer("Example:\n  hornbeam predict model.keras --input images.npz --output predictions.npz");
  command->callback([] {
    if (options.model.empty() && options.program.empty()) throw CLI::RequiredError("MODEL or --program");
    predict(options);
  });
}

}  // namespace hornbeam::cli
