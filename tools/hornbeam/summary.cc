// hornbeam summary MODEL: Keras' table of layers, shapes and parameters.
#include <cstdio>

#include <hornbeam/saving.h>

#include "tools/hornbeam/commands.h"

namespace hornbeam::cli {

void add_summary(CLI::App& app) {
  static std::string path;
  static SummaryOptions options;
  CLI::App* summary = app.add_subcommand("summary", "Show a model's layers, output shapes and parameters");
  summary->add_option("MODEL", path, "A .keras file")->required();
  summary->add_flag("--expand-nested", options.expand_nested, "Show the layers of nested models");
  summary->add_flag("--show-trainable", options.show_trainable, "Show which layers are trained");
  summary->footer("Example:\n  hornbeam summary model.keras");
  summary->callback([] {
    std::string table = load_model(path, {.compile = false}).summary(options);
    std::printf("%s%s", table.c_str(), table.empty() || table.back() != '\n' ? "\n" : "");
  });
}

}  // namespace hornbeam::cli
