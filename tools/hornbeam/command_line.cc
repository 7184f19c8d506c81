// Putting the commands together.
#include "tools/hornbeam/command_line.h"

#include <hornbeam/version.h>

#include "tools/hornbeam/command_tree.h"
#include "tools/hornbeam/commands.h"
#include "tools/hornbeam/help_format.h"

namespace hornbeam::cli {

std::unique_ptr<CLI::App> make_program() {
  auto program = std::make_unique<CLI::App>("Hornbeam runs, trains, converts and measures Keras models.", "hornbeam");
  program->set_version_flag("--version", version(), "Print the version");
  program->require_subcommand(1);
  program->formatter(make_help_format());
  program->footer(
      "Example:\n  hornbeam predict model.keras --input images.npz --output predictions.npz\n\n"
      "hornbeam COMMAND --help shows the options of a command.");
  for (auto add : {add_predict, add_evaluate, add_fit, add_summary, add_plot, add_compile, add_convert, add_bench,
                   add_devices, add_cache, add_completion, add_man})
    add(*program);
  return program;
}

std::string explain(const CLI::App& program, const CLI::ParseError& error) {
  const std::string unknown = unknown_word(program);
  std::string what = unknown.empty() ? error.what() : unknown;
  if (what.find_last_of(".?") != what.size() - 1) what += ".";
  return what + " See: " + help_of(program);
}

}  // namespace hornbeam::cli
