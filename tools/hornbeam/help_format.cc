// Help out of the tree of commands, the same that completion and man page are made of.
#include "tools/hornbeam/help_format.h"

#include "tools/hornbeam/command_tree.h"

namespace hornbeam::cli {
namespace {

constexpr size_t kColumn = 34, kWidth = 100;

class HelpFormat : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App* app, std::string) const override {
    return "Usage: " + describe(*app, app->get_parent() ? path_of(*app->get_parent()) : "").usage + "\n";
  }

  std::string make_option(const CLI::Option* option, bool) const override {
    const OptionText text = describe(*option);
    std::string names = "  ";
    for (const std::string& name : text.names) names += (names.size() > 2 ? ", " : "") + name;
    if (!text.value.empty()) names += " " + text.value;
    std::string description = text.description;
    if (!text.default_value.empty()) description += " [" + text.default_value + "]";
    if (option->get_required() && !text.is_positional) description += " (required)";
    return names +
           (names.size() + 2 > kColumn ? "\n" + std::string(kColumn, ' ') : std::string(kColumn - names.size(), ' ')) +
           wrapped(description) + "\n";
  }

 private:
  // Lines of whole words, each but the first begun at the column of descriptions.
  static std::string wrapped(const std::string& text) {
    std::string out;
    size_t line = 0;
    for (size_t start = 0; start < text.size();) {
      const size_t end = std::min(text.find(' ', start), text.size());
      const size_t length = end - start;
      if (line > 0 && kColumn + line + 1 + length > kWidth) {
        out += "\n" + std::string(kColumn, ' ');
        line = 0;
      }
      if (line > 0) {
        out += ' ';
        ++line;
      }
      out.append(text, start, length);
      line += length;
      start = end + 1;
    }
    return out;
  }
};

}  // namespace

std::shared_ptr<CLI::Formatter> make_help_format() { return std::make_shared<HelpFormat>(); }

}  // namespace hornbeam::cli
