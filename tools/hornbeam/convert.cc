// hornbeam convert IN OUT: between model and weights files, by the names' endings.
#include <cstdio>

#include <hornbeam/saving.h>

#include "tools/hornbeam/commands.h"
#include "tools/hornbeam/options.h"

namespace hornbeam::cli {
namespace {

struct Options {
  std::string in, out, model;
  bool weights_by_name = false;
};

// .weights.h5, .safetensors and .npz hold weights alone.
bool is_weights(const std::string& path) {
  return path.ends_with(".weights.h5") || path.ends_with(".safetensors") || path.ends_with(".npz");
}
bool is_model(const std::string& path) {
  return !is_weights(path) && (path.ends_with(".keras") || path.ends_with(".h5") || path.ends_with(".hdf5"));
}

void convert(const Options& options) {
  constexpr const char* kEndings = ".keras, .h5, .weights.h5, .safetensors or .npz";
  for (const std::string& path : {options.in, options.out})
    if (!is_model(path) && !is_weights(path)) throw ValueError(path + ": the name must end with " + kEndings);
  if (is_weights(options.in) && options.model.empty())
    throw ValueError(options.in +
                     ": a file of weights has no architecture; give the model that it belongs to with --model");
  if (is_model(options.in) && !options.model.empty())
    throw ValueError("--model is for weights files; " + options.in + " has its own architecture");
  check_writable(options.out);
  Model model = load_model(is_weights(options.in) ? options.model : options.in);
  if (is_weights(options.in)) {
    const LoadWeightsReport report = model.load_weights(options.in, {.by_name = options.weights_by_name});
    for (const std::string& line : report.skipped) std::fprintf(stderr, "skipped: %s\n", line.c_str());
  }
  if (is_weights(options.out))
    model.save_weights(options.out);
  else
    model.save(options.out);
  std::fprintf(stderr, "wrote %s\n", options.out.c_str());
}

}  // namespace

void add_convert(CLI::App& app) {
  static Options options;
  CLI::App* command = app.add_subcommand("convert", "Convert a model or its weights to another format");
  command->add_option("IN", options.in, "A .keras, .h5, .weights.h5, .safetensors or .npz file")->required();
  command->add_option("OUT", options.out, "The file to write; its ending says the format")->required();
  command->add_option("--model", options.model, "The model that a weights file belongs to")->type_name("MODEL");
  command->add_flag("--by-name", options.weights_by_name, "Find layers by their names, not by their places");
  command->footer(
      "Example:\n  hornbeam convert old_model.h5 model.keras\n"
      "  hornbeam convert model.keras weights.safetensors");
  command->callback([] { convert(options); });
}

}  // namespace hornbeam::cli
