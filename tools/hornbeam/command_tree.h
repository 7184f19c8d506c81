// The commands as a tree of CLI::Apps, read back: for hints after a wrong command line, shell completion and the man
// page.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace hornbeam::cli {

struct OptionText {
  const CLI::Option* option;
  std::vector<std::string> names;  // "-v", "--verbose"; a positional's name alone
  bool is_positional = false;
  std::string value;  // what it takes: "INT", "cpu|cuda"; empty for a flag
  std::string description;
  std::string default_value;
  std::string group;
};

struct CommandText {
  const CLI::App* app;
  std::string path;  // "hornbeam bench fit"
  std::string description;
  std::vector<OptionText> options;
  std::vector<CommandText> commands;
  std::string usage;   // "hornbeam predict MODEL --input TEXT [OPTIONS]"
  std::string footer;  // with the example
};

// "hornbeam bench fit"
std::string path_of(const CLI::App& app);
OptionText describe(const CLI::Option& option);
CommandText describe(const CLI::App& app, const std::string& above = "");
// All commands of the tree that have no commands under them, and those that have, in order.
std::vector<const CommandText*> flatten(const CommandText& command);

// "There is no command 'fitt'. Did you mean 'fit'?", or the same of an option, for what the parser had left over; empty
// if it left nothing.
std::string unknown_word(const CLI::App& app);
// "hornbeam fit --help": of the command that was being parsed.
std::string help_of(const CLI::App& app);

}  // namespace hornbeam::cli
