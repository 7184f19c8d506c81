// A command line, one word a line: it is parsed as the program does, but no command runs; then the texts of options that
// have a grammar of their own are read. Only the parser's errors and hornbeam::Error may come out, and each says what is
// wrong.
#include <algorithm>
#include <string>
#include <vector>

#include <hornbeam/base/error.h>

#include "tools/hornbeam/command_line.h"
#include "tools/hornbeam/fit_callbacks.h"
#include "tools/hornbeam/options.h"

namespace {

using namespace hornbeam;

void forget_callbacks(CLI::App& app) {
  app.callback({});
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) forget_callbacks(*command);
}

CLI::App& program() {
  static const std::unique_ptr<CLI::App> made = [] {
    auto app = cli::make_program();
    forget_callbacks(*app);
    return app;
  }();
  return *made;
}

void parse(const std::vector<std::string>& words) {
  std::vector<const char*> arguments = {"hornbeam"};
  for (const std::string& word : words) arguments.push_back(word.c_str());
  try {
    program().parse(static_cast<int>(arguments.size()), arguments.data());
  } catch (const CLI::Success&) {
    program().help();
  } catch (const CLI::ParseError& error) {
    if (cli::explain(program(), error).find(" See: hornbeam") == std::string::npos) __builtin_trap();
  }
}

void read_value(const std::string& option, const std::string& value) {
  try {
    if (option == "--early-stopping") cli::make_early_stopping(value);
    if (option == "--checkpoint") cli::make_checkpoint(value);
    if (option == "--class-weight") cli::parse_class_weight(value);
    if (option == "--optimizer" || option == "--loss") cli::name_or_json(option, value);
  } catch (const Error& error) {
    if (std::string(error.what()).empty()) __builtin_trap();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::vector<std::string> words(1);
  for (size_t i = 0; i < size && words.size() < 64; ++i) {
    if (data[i] == '\n')
      words.emplace_back();
    else if (data[i] != 0)  // which no argument of a program can have
      words.back() += static_cast<char>(data[i]);
  }
  parse(words);
  for (size_t i = 0; i + 1 < words.size(); ++i) read_value(words[i], words[i + 1]);
  return 0;
}
