// Reading the tree of commands.
#include "tools/hornbeam/command_tree.h"

#include <hornbeam/registry.h>

#include "tools/hornbeam/options.h"

namespace hornbeam::cli {
namespace {

// The command whose words were parsed last.
const CLI::App& deepest(const CLI::App& app) {
  const std::vector<CLI::App*> parsed = app.get_subcommands();
  return parsed.empty() ? app : deepest(*parsed.back());
}

}  // namespace

std::string path_of(const CLI::App& app) {
  const CLI::App* parent = app.get_parent();
  return (parent ? path_of(*parent) + " " : "") + app.get_name();
}

OptionText describe(const CLI::Option& option) {
  OptionText text{.option = &option};
  text.is_positional = option.get_positional();
  if (text.is_positional) {
    text.names.push_back(option.get_name(true));
  } else {
    for (const std::string& name : option.get_snames()) text.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) text.names.push_back("--" + name);
  }
  const bool is_flag = option.get_items_expected_max() == 0;
  if (!is_flag && !text.is_positional) text.value = option.get_type_name();
  text.description = option.get_description();
  text.default_value = is_flag ? "" : option.get_default_str();
  text.group = option.get_group();
  return text;
}

CommandText describe(const CLI::App& app, const std::string& above) {
  CommandText text{.app = &app};
  text.path = (above.empty() ? "" : above + " ") + app.get_name();
  text.description = app.get_description();
  text.footer = app.get_footer();
  text.usage = text.path;
  bool has_others = false;
  for (const CLI::Option* option : app.get_options()) {
    OptionText described = describe(*option);
    if (described.is_positional)
      text.usage += " " + described.names.front();
    else if (option->get_required())
      text.usage += " " + described.names.back() + " " + described.value;
    else
      has_others = true;
    text.options.push_back(std::move(described));
  }
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    text.commands.push_back(describe(*command, text.path));
  if (!text.commands.empty()) text.usage += " COMMAND";
  if (has_others) text.usage += " [OPTIONS]";
  return text;
}

std::vector<const CommandText*> flatten(const CommandText& command) {
  std::vector<const CommandText*> all = {&command};
  for (const CommandText& inner : command.commands)
    for (const CommandText* each : flatten(inner)) all.push_back(each);
  return all;
}

std::string unknown_word(const CLI::App& app) {
  const CLI::App& command = deepest(app);
  const CommandText text = describe(command);
  const bool wants_command = !text.commands.empty() && command.get_subcommands().empty();
  for (const std::string& word : app.remaining(/*recurse=*/true)) {
    if (word.size() > 1 && word[0] == '-') {
      std::vector<std::string> known;
      for (const OptionText& option : text.options)
        if (!option.is_positional) known.insert(known.end(), option.names.begin(), option.names.end());
      const std::string name = word.substr(0, word.find('='));
      return path_of(command) + " has no option '" + name + "'." + registry::suggest(name, known);
    }
    if (wants_command) {
      std::vector<std::string> known;
      for (const CommandText& inner : text.commands) known.push_back(inner.app->get_name());
      return "There is no command '" + word + "'." + registry::suggest(word, known);
    }
  }
  return "";
}

std::string help_of(const CLI::App& app) { return path_of(deepest(app)) + " --help"; }

}  // namespace hornbeam::cli
