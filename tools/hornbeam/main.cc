// hornbeam: the command line. Exit status 0; 1 = the input is bad or the work failed; 2 = the command line is wrong;
// 130 = ended by Ctrl-C. Every failure is one line on stderr that starts with "error: ".
#include <cstdio>
#include <iostream>

#include <hornbeam/interrupt.h>

#include "tools/hornbeam/command_line.h"
#include "tools/hornbeam/interrupt.h"
#include "tools/hornbeam/output.h"

namespace {

using namespace hornbeam;

constexpr int kFailed = 1;
constexpr int kWrongCommandLine = 2;
constexpr int kInterrupted = 130;

// A full disk must not look like success.
int with_output_written(int status) {
  std::cout.flush();
  if (std::fflush(stdout) == 0 && !std::ferror(stdout) && std::cout.good()) return status;
  cli::print_error("the standard output cannot be written to");
  return kFailed;
}

int run(int argc, char** argv) {
  const auto program = cli::make_program();
  try {
    program->parse(argc, argv);
  } catch (const CLI::Success& done) {
    return with_output_written(program->exit(done));  // --help, --version
  } catch (const CLI::ParseError& error) {
    cli::print_error(cli::explain(*program, error));
    return kWrongCommandLine;
  }
  return with_output_written(cli::interrupted() ? kInterrupted : 0);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const Interrupted&) {
    return kInterrupted;
  } catch (const std::bad_alloc&) {
    cli::print_error("there is not enough memory");
  } catch (const std::exception& error) {
    cli::print_error(error.what());
  }
  return kFailed;
}
