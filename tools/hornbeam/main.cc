// hornbeam: the command line. Exit status 0; 1 = the input is bad or the work failed; 2 = the command line is wrong;
// 130 = ended by Ctrl-C. Every failure is one line on stderr that starts with "error: ".
#include <CLI/CLI.hpp>

#include <hornbeam/version.h>

#include "tools/hornbeam/command_tree.h"
#include "tools/hornbeam/commands.h"
#include "tools/hornbeam/help_format.h"
#include "tools/hornbeam/interrupt.h"
#include "tools/hornbeam/output.h"

namespace {

using namespace hornbeam;

constexpr int kFailed = 1;
constexpr int kWrongCommandLine = 2;
constexpr int kInterrupted = 130;

int run(int argc, char** argv) {
  CLI::App app("Hornbeam runs, trains, converts and measures Keras models.", "hornbeam");
  app.set_version_flag("--version", version(), "Print the version");
  app.require_subcommand(1);
  app.formatter(cli::make_help_format());
  app.footer(
      "Example:\n  hornbeam predict model.keras --input images.npz --output predictions.npz\n\n"
      "hornbeam COMMAND --help shows the options of a command.");
  for (auto add : {cli::add_predict, cli::add_evaluate, cli::add_fit, cli::add_summary, cli::add_plot, cli::add_compile,
                   cli::add_convert, cli::add_bench, cli::add_devices, cli::add_completion, cli::add_man})
    add(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& done) {
    return app.exit(done);  // --help, --version
  } catch (const CLI::ParseError& error) {
    const std::string unknown = cli::unknown_word(app);
    std::string what = unknown.empty() ? error.what() : unknown;
    if (what.find_last_of(".?") != what.size() - 1) what += ".";
    cli::print_error(what + " See: " + cli::help_of(app));
    return kWrongCommandLine;
  }
  return cli::interrupted() ? kInterrupted : 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::bad_alloc&) {
    cli::print_error("there is not enough memory");
  } catch (const std::exception& error) {
    cli::print_error(error.what());
  }
  return kFailed;
}
