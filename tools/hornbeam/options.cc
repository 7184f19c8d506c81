// Options that several commands have.
#include "tools/hornbeam/options.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

#include <hornbeam/base/atomic_file.h>
#include <hornbeam/base/error.h>
#include <hornbeam/registry.h>
#include <hornbeam/runtime/threads.h>

#include "tools/hornbeam/output.h"

namespace hornbeam::cli {
namespace {

std::map<const CLI::Option*, std::vector<std::string>>& all_choices() {
  static std::map<const CLI::Option*, std::vector<std::string>> choices;
  return choices;
}

Config parse_json(const std::string& option, const std::string& text) {
  try {
    return Config::parse(text);
  } catch (const Error& error) {
    throw ValueError(option + ": this is no JSON: " + error.what());
  }
}

// A number or true or false, else the word itself.
Config value_of(const std::string& text) {
  try {
    const Config value = Config::parse(text);
    if (value.is_number() || value.is_bool() || value.is_string()) return value;
  } catch (const Error&) {
  }
  if (text == "True") return true;
  if (text == "False") return false;
  return text;
}

}  // namespace

void add_common_options(CLI::App& command, CommonOptions& options) {
  const std::string group = "Common options";
  add_choice(command, "--device", options.device, {"cpu", "cuda"}, "Where to run; default: the best that is present")
      ->group(group);
  command.add_option("--threads", options.threads, "Worker threads; 0: all cores")
      ->type_name("N")
      ->check(between(0, 4096))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--dump-ir", options.dump_ir,
                  "Write the IR after each stage of the compiler to this folder, numbered")
      ->type_name("DIR")
      ->group(group);
  command.add_flag("-v,--verbose", options.verbose, "Tell on stderr what is done and how long it takes")->group(group);
  add_choice(command, "--color", options.color, {"auto", "always", "never"},
             "Colors; auto: on a terminal, unless NO_COLOR is set")
      ->capture_default_str()
      ->group(group);
}

void apply(const CommonOptions& options) {
  if (options.device == "cuda")
    throw NotImplementedError(
        "--device cuda: programs for GPUs are not made yet; use --device cpu. 'hornbeam devices' lists what is there");
  if (options.threads > 0) set_num_threads(options.threads);
  // The progress bar goes by NO_COLOR.
  if (options.color == "never" || (options.color == "auto" && !isatty(STDERR_FILENO)))
    setenv("NO_COLOR", "1", 1);
  else if (options.color == "always")
    unsetenv("NO_COLOR");
}

void apply(const CommonOptions& options, CompileOptions& compile) {
  compile.num_threads = options.threads;
  compile.dump_dir = options.dump_ir;
}

CLI::Validator between(double least, double most) {
  return CLI::Validator(
      [least, most](std::string& text) {
        double value = 0;
        if (!CLI::detail::lexical_cast(text, value)) return "'" + text + "' is not a number";
        if (value >= least && value <= most) return std::string();
        const bool is_open = most >= 1e18;
        return text + " is not " + (is_open ? "at least " : "between ") + json_number(least) +
               (is_open ? "" : " and " + json_number(most));
      },
      "");
}

CLI::Validator at_least(int64_t least) { return between(static_cast<double>(least), 1e18); }

void add_batch_size(CLI::App& command, int64_t& batch_size) {
  command.add_option("--batch-size", batch_size, "Samples in a batch")
      ->type_name("N")
      ->check(between(1, 1 << 24))
      ->capture_default_str();
}

CLI::Option* add_choice(CLI::App& command, const std::string& name, std::string& value,
                        const std::vector<std::string>& choices, const std::string& description) {
  std::string type;
  for (const std::string& choice : choices) type += (type.empty() ? "" : "|") + choice;
  CLI::Option* option = command.add_option(name, value, description);
  option->type_name(type)->check(CLI::Validator(
      [choices](std::string& given) {
        for (const std::string& choice : choices)
          if (given == choice) return std::string();
        return "'" + given + "' is not one of its values." + registry::suggest(given, choices);
      },
      ""));
  all_choices()[option] = choices;
  return option;
}

const std::vector<std::string>& choices_of(const CLI::Option& option) {
  static const std::vector<std::string> none;
  const auto at = all_choices().find(&option);
  return at == all_choices().end() ? none : at->second;
}

Config parse_settings(const std::string& option, const std::string& text, const std::vector<std::string>& keys,
                      const std::string& lone) {
  Config settings = Config::object();
  if (text.starts_with("{")) {
    settings = parse_json(option, text);
  } else if (text.find('=') == std::string::npos) {
    settings[lone] = value_of(text);
  } else {
    for (size_t start = 0; start <= text.size();) {
      const size_t end = std::min(text.find(',', start), text.size());
      const std::string part = text.substr(start, end - start);
      const size_t equals = part.find('=');
      if (equals == std::string::npos || equals == 0)
        throw ValueError(option + ": expected KEY=VALUE,... Received: '" + part + "'");
      settings[part.substr(0, equals)] = value_of(part.substr(equals + 1));
      start = end + 1;
    }
  }
  if (!settings.is_object()) throw ValueError(option + ": expected KEY=VALUE,... or a JSON object");
  for (const auto& [key, value] : settings.as_object())
    if (std::find(keys.begin(), keys.end(), key) == keys.end())
      throw ValueError(option + ": there is no key '" + key + "'." + registry::suggest(key, keys));
  return settings;
}

Config name_or_json(const std::string& option, const std::string& text) {
  return text.starts_with("{") || text.starts_with("[") ? parse_json(option, text) : Config(text);
}

void check_writable(const std::string& path) {
  if (path.empty()) return;
  namespace fs = std::filesystem;
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) throw IOError(path + ": is a folder; name a file");
  fs::path folder = fs::path(path).parent_path();
  if (folder.empty()) folder = ".";
  if (!fs::is_directory(folder, ignored)) throw IOError(path + ": the folder " + folder.string() + " is not there");
  if (access(folder.c_str(), W_OK) != 0)
    throw IOError(path + ": the folder " + folder.string() + " may not be written to");
}

void write_text(const std::string& path, const std::string& text) {
  AtomicFile file(path);
  file.write(text);
  file.commit();
}

}  // namespace hornbeam::cli
