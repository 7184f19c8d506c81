// The program's words: which commands there are, and what is wrong with a command line.
#pragma once

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

namespace hornbeam::cli {

// The program with all its commands. Parsing runs the command.
std::unique_ptr<CLI::App> make_program();

// One line that says what is wrong and which help to read, for what `program` could not parse.
std::string explain(const CLI::App& program, const CLI::ParseError& error);

}  // namespace hornbeam::cli
