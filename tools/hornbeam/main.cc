// hornbeam: the command line. Exit status 0; 1 = the input is bad or the work failed; 2 = the command line is wrong;
// 130 = ended by Ctrl-C. Every failure is one line on stderr that starts with "error: ".
#include <CLI/CLI.hpp>

#include <hornbeam/version.h>

#include "tools/hornbeam/commands.h"
#include "tools/hornbeam/interrupt.h"
#include "tools/hornbeam/output.h"

namespace {

constexpr int kFailed = 1;
constexpr int kWrongCommandLine = 2;
constexpr int kInterrupted = 130;

int run(int argc, char** argv) {
  CLI::App app("Hornbeam runs, trains and measures Keras models.", "hornbeam");
  app.set_version_flag("--version", hornbeam::version(), "Print the version");
  app.require_subcommand(1);
  app.get_formatter()->column_width(36);
  app.footer("Example:\n  hornbeam predict model.keras --input images.npz --output predictions.npz");
  hornbeam::cli::add_predict(app);
  hornbeam::cli::add_evaluate(app);
  hornbeam::cli::add_summary(app);
  hornbeam::cli::add_bench(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& done) {
    return app.exit(done);  // --help, --version
  } catch (const CLI::RequiredError& error) {
    // Where a command is missing, the first word that is left over stands in its place.
    const std::vector<std::string> words = app.remaining(/*recurse=*/true);
    const std::string what = words.empty() ? std::string(error.what()) : "There is no command '" + words.front() + "'";
    hornbeam::cli::print_error(what + ". See: hornbeam --help");
    return kWrongCommandLine;
  } catch (const CLI::ParseError& error) {
    hornbeam::cli::print_error(std::string(error.what()) + ". See: hornbeam --help");
    return kWrongCommandLine;
  }
  return hornbeam::cli::interrupted() ? kInterrupted : 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::bad_alloc&) {
    hornbeam::cli::print_error("there is not enough memory");
  } catch (const std::exception& error) {
    hornbeam::cli::print_error(error.what());
  }
  return kFailed;
}
