// Options that several commands have, and how options are added so that help, completion and man page know of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <hornbeam/config.h>
#include <hornbeam/model.h>

namespace hornbeam::cli {

// Common to all commands that run a model.
struct CommonOptions {
  std::string device;   // "" is the best present
  int threads = 0;      // 0: all cores
  std::string dump_ir;  // a folder
  bool verbose = false;
  std::string color = "auto";
};

void add_common_options(CLI::App& command, CommonOptions& options);
// Checks the device and sets up colors. Throws NotImplementedError for a device that programs cannot run on.
void apply(const CommonOptions& options);
// What compile needs of them.
void apply(const CommonOptions& options, CompileOptions& compile);

void add_batch_size(CLI::App& command, int64_t& batch_size);

// Checks of numbers, whose bounds stand in the error and not in the help.
CLI::Validator at_least(int64_t least);
CLI::Validator between(double least, double most);

// An option that takes one of these words.
CLI::Option* add_choice(CLI::App& command, const std::string& name, std::string& value,
                        const std::vector<std::string>& choices, const std::string& description);
// The words of such an option or positional; empty for others.
const std::vector<std::string>& choices_of(const CLI::Option& option);

// "key=value,key=value", or a JSON object, or a lone value for the key `lone`. Values are numbers, true, false, or
// words. Throws ValueError that names `option` and the nearest of `keys` for another key.
Config parse_settings(const std::string& option, const std::string& text, const std::vector<std::string>& keys,
                      const std::string& lone);

// A Keras name, or a Keras config as JSON.
Config name_or_json(const std::string& option, const std::string& text);

// Throws IOError unless a file can be made at the path: the folder is there and may be written to. Asked before long
// work.
void check_writable(const std::string& path);

// Writes a text as a whole, or nothing.
void write_text(const std::string& path, const std::string& text);

}  // namespace hornbeam::cli
