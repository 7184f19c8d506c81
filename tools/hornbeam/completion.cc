// hornbeam completion bash|zsh: scripts for the shells, made from the tree of commands.
#include <cstdio>

#include "tools/hornbeam/command_tree.h"
#include "tools/hornbeam/commands.h"
#include "tools/hornbeam/options.h"

namespace hornbeam::cli {
namespace {

std::string words_of(const CommandText& command) {
  std::string words;
  auto add = [&](const std::string& word) { words += (words.empty() ? "" : " ") + word; };
  for (const CommandText& inner : command.commands) add(inner.app->get_name());
  for (const OptionText& option : command.options) {
    if (!option.is_positional)
      for (const std::string& name : option.names) add(name);
    else
      for (const std::string& choice : choices_of(*option.option)) add(choice);
  }
  return words;
}

std::string joined(const std::vector<std::string>& parts, const std::string& between) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : between) + part;
  return text;
}

// Where the words so far name a command, its words and files are offered; after an option with a fixed set of values,
// those alone.
std::string bash_script(const CommandText& root) {
  std::string commands, choices, words;
  for (const CommandText* command : flatten(root)) {
    for (const CommandText& inner : command->commands)
      commands += "      \"" + command->path + " " + inner.app->get_name() + "\") command=\"" + inner.path + "\" ;;\n";
    for (const OptionText& option : command->options) {
      const std::vector<std::string>& values = choices_of(*option.option);
      if (values.empty() || option.is_positional) continue;
      std::vector<std::string> patterns;
      for (const std::string& name : option.names) patterns.push_back("\"" + command->path + " " + name + "\"");
      choices += "    " + joined(patterns, "|") + ") COMPREPLY=($(compgen -W \"" + joined(values, " ") +
                 "\" -- \"$current\")); return ;;\n";
    }
    words += "    \"" + command->path + "\") words=\"" + words_of(*command) + "\" ;;\n";
  }
  return "# Completion of hornbeam for bash. Made by: hornbeam completion bash\n"
         "_hornbeam() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=hornbeam words i\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    case \"$command ${COMP_WORDS[i]}\" in\n" +
         commands +
         "    esac\n"
         "  done\n"
         "  case \"$command $previous\" in\n" +
         choices +
         "  esac\n"
         "  case \"$command\" in\n" +
         words +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "  [[ $current == -* ]] || COMPREPLY+=($(compgen -f -- \"$current\"))\n"
         "}\n"
         "complete -o filenames -F _hornbeam hornbeam\n";
}

// In single quotes, for _arguments: what it gives a meaning is escaped.
std::string zsh_quoted(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'')
      out += "'\\''";
    else if (c == '[' || c == ']' || c == ':' || c == '\\')
      out += std::string("\\") + c;
    else
      out += c;
  }
  return out;
}

std::string zsh_arguments(const CommandText& command, const std::string& indent) {
  std::string text;
  for (const OptionText& option : command.options) {
    const std::vector<std::string>& values = choices_of(*option.option);
    const std::string action = values.empty() ? "_files" : "(" + joined(values, " ") + ")";
    const std::string description = zsh_quoted(option.description);
    if (option.is_positional) {
      text += " \\\n" + indent + "'" + zsh_quoted(":" + option.names[0]).substr(1) + ":" + action + "'";
      continue;
    }
    for (const std::string& name : option.names)
      text += " \\\n" + indent + "'" + name + "[" + description + "]" +
              (option.value.empty() ? "" : ":" + zsh_quoted(option.value) + ":" + action) + "'";
  }
  return text;
}

std::string zsh_function(const CommandText& command) {
  std::string name = "_" + command.path;
  for (char& c : name)
    if (c == ' ' || c == '-') c = '_';
  std::string text = name + "() {\n";
  if (command.commands.empty()) return text + "  _arguments -s" + zsh_arguments(command, "    ") + "\n}\n";
  text += "  local -a commands=(\n";
  std::string cases;
  for (const CommandText& inner : command.commands) {
    text += "    '" + zsh_quoted(inner.app->get_name()) + ":" + zsh_quoted(inner.description) + "'\n";
    cases += "        " + inner.app->get_name() + ") " + name + "_" + inner.app->get_name() + " ;;\n";
  }
  return text + "  )\n  _arguments -C" + zsh_arguments(command, "    ") +
         " \\\n    '1: :->command' '*:: :->rest'\n"
         "  case $state in\n"
         "    command) _describe command commands ;;\n"
         "    rest)\n"
         "      case $words[1] in\n" +
         cases +
         "      esac ;;\n"
         "  esac\n}\n";
}

std::string zsh_script(const CommandText& root) {
  std::string functions;
  for (const CommandText* command : flatten(root)) functions += zsh_function(*command);
  return "#compdef hornbeam\n# Completion of hornbeam for zsh. Made by: hornbeam completion zsh\n" + functions +
         "if [ \"$funcstack[1]\" = _hornbeam ]; then _hornbeam \"$@\"; else compdef _hornbeam hornbeam; fi\n";
}

}  // namespace

void add_completion(CLI::App& app) {
  static std::string shell;
  CLI::App* command = app.add_subcommand("completion", "Print the completion script of a shell");
  add_choice(*command, "SHELL", shell, {"bash", "zsh"}, "The shell")->required();
  command->footer(
      "Example:\n  eval \"$(hornbeam completion bash)\"      # in ~/.bashrc; in ~/.zshrc after compinit: zsh");
  command->callback([&app] {
    const CommandText root = describe(app);
    std::fputs((shell == "bash" ? bash_script(root) : zsh_script(root)).c_str(), stdout);
  });
}

}  // namespace hornbeam::cli
