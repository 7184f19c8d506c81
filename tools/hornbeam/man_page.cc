// hornbeam man: the man page, made from the tree of commands. Try: hornbeam man | man -l -
#include <cstdio>

#include <hornbeam/version.h>

#include "tools/hornbeam/command_tree.h"
#include "tools/hornbeam/commands.h"

namespace hornbeam::cli {
namespace {

// Text for troff: no escapes, no control lines, hyphens as minus signs.
std::string plain(const std::string& text) {
  std::string out;
  bool at_start = true;
  for (const char c : text) {
    if (at_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
    at_start = c == '\n';
  }
  return out;
}

std::string option_text(const OptionText& option) {
  std::string names;
  for (const std::string& name : option.names) names += (names.empty() ? "" : ", ") + ("\\fB" + plain(name) + "\\fR");
  if (!option.value.empty()) names += " \\fI" + plain(option.value) + "\\fR";
  std::string text = ".TP\n" + names + "\n" + plain(option.description);
  if (!option.default_value.empty()) text += " (default: " + plain(option.default_value) + ")";
  return text + "\n";
}

std::string command_text(const CommandText& command) {
  std::string text = ".SS " + plain(command.usage) + "\n" + plain(command.description) + ".\n";
  for (const OptionText& option : command.options)
    if (option.group != "Common options" && option.names.back() != "--help") text += option_text(option);
  if (!command.footer.empty()) text += ".PP\n.nf\n" + plain(command.footer) + "\n.fi\n";
  return text;
}

std::string man_page(const CommandText& root) {
  std::string text = ".TH HORNBEAM 1 \"\" \"hornbeam " + std::string(version()) +
                     "\" \"User Commands\"\n.SH NAME\nhornbeam \\- " + plain(root.description) +
                     "\n.SH SYNOPSIS\n.B hornbeam\n\\fICOMMAND\\fR ...\n.SH COMMANDS\n";
  const OptionText* help = nullptr;
  std::vector<const OptionText*> common;
  for (const CommandText* command : flatten(root)) {
    if (command != &root && command->commands.empty()) text += command_text(*command);
    for (const OptionText& option : command->options) {
      if (option.names.back() == "--help") help = &option;
      if (option.group != "Common options") continue;
      bool is_new = true;
      for (const OptionText* other : common) is_new = is_new && other->names != option.names;
      if (is_new) common.push_back(&option);
    }
  }
  text += ".SH COMMON OPTIONS\nOf the commands that run a model.\n";
  for (const OptionText* option : common) text += option_text(*option);
  if (help) text += option_text(*help);
  return text +
         ".SH EXIT STATUS\n"
         "0, or 1 if the input is bad or the work failed, 2 if the command line is wrong, 130 after Ctrl\\-C. Every "
         "failure is\n"
         "one line on standard error that begins with \"error: \"; no file is left half written.\n"
         ".SH ENVIRONMENT\n.TP\n\\fBNO_COLOR\\fR\nNo colors.\n.TP\n\\fBHORNBEAM_NUM_THREADS\\fR\nThe number of threads "
         "where no "
         "option says it.\n";
}

}  // namespace

void add_man(CLI::App& app) {
  CLI::App* command = app.add_subcommand("man", "Print the man page");
  command->footer("Example:\n  hornbeam man | man -l -");
  command->callback([&app] { std::fputs(man_page(describe(app)).c_str(), stdout); });
}

}  // namespace hornbeam::cli
