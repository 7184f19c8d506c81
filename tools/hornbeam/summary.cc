// hornbeam summary MODEL: Keras' table of layers, shapes and parameters.
#include <cstdio>

#include <hornbeam/config.h>
#include <hornbeam/saving.h>

#include "tools/hornbeam/commands.h"

namespace hornbeam::cli {
namespace {

struct Options {
  std::string model;
  SummaryOptions table;
  bool json = false;
};

Config layer_summary(const Layer& layer) {
  Config entry = Config::object({{"name", layer.name()}, {"class_name", layer.class_name()}});
  if (!layer.build_shapes().empty()) {
    Config shapes = Config::array();
    for (const Shape& shape : layer.compute_output_shape(layer.build_shapes())) shapes.push_back(Config(shape));
    entry["output_shape"] = shapes.size() == 1 ? shapes[0] : shapes;
  }
  entry["params"] = layer.count_params();
  entry["trainable"] = layer.trainable();
  return entry;
}

int64_t count(const std::vector<Variable>& variables, bool bytes) {
  int64_t sum = 0;
  for (const Variable& variable : variables)
    sum += variable.shape().num_elements() * (bytes ? static_cast<int64_t>(size_of(variable.dtype())) : 1);
  return sum;
}

void summarize(const Options& options) {
  // With the optimizer where the file has one, whose state is counted too; not where it needs a class that is not
  // there.
  Model model = [&] {
    try {
      return load_model(options.model);
    } catch (const NotImplementedError&) {
      return load_model(options.model, {.compile = false});
    }
  }();
  if (!options.json) {
    std::string table = model.summary(options.table);
    std::printf("%s%s", table.c_str(), table.empty() || table.back() != '\n' ? "\n" : "");
    return;
  }
  Config layers = Config::array();
  for (const LayerPtr& layer : model.layers()) layers.push_back(layer_summary(*layer));
  std::printf("%s\n", Config::object({{"name", model.name()},
                                      {"layers", layers},
                                      {"params", count(model.weights(), false)},
                                      {"trainable_params", count(model.trainable_weights(), false)},
                                      {"non_trainable_params", count(model.non_trainable_weights(), false)},
                                      {"bytes", count(model.weights(), true)}})
                          .to_json()
                          .c_str());
}

}  // namespace

void add_summary(CLI::App& app) {
  static Options options;
  CLI::App* summary = app.add_subcommand("summary", "Show a model's layers, output shapes and parameters");
  summary->add_option("MODEL", options.model, "A .keras or .h5 file")->required();
  summary->add_flag("--expand-nested", options.table.expand_nested, "Show the layers of nested models");
  summary->add_flag("--show-trainable", options.table.show_trainable, "Show which layers are trained");
  summary->add_option("--line-length", options.table.line_length, "Width of the table; default: the terminal's")
      ->type_name("COLUMNS");
  summary->add_flag("--json", options.json, "Print one JSON object");
  summary->footer("Example:\n  hornbeam summary model.keras");
  summary->callback([] { summarize(options); });
}

}  // namespace hornbeam::cli
