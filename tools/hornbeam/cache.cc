// hornbeam cache: where compiled programs are kept, and how to be rid of them.
#include <cstdio>

#include <hornbeam/compile_cache.h>
#include <hornbeam/config.h>

#include "tools/hornbeam/commands.h"

namespace hornbeam::cli {
namespace {

struct Options {
  bool clear = false;
  bool json = false;
};

void show(const Options& options) {
  if (options.clear) clear_compile_cache();
  const CompileCacheUsage usage = compile_cache_usage();
  if (options.json) {
    std::printf("%s\n", Config::object({{"folder", usage.folder.empty() ? Config() : Config(usage.folder)},
                                        {"programs", usage.programs},
                                        {"bytes", usage.bytes},
                                        {"max_bytes", usage.max_bytes}})
                            .to_json()
                            .c_str());
    return;
  }
  if (usage.folder.empty()) {
    std::printf("no cache: compiled programs are not kept\n");
    return;
  }
  std::printf("%s: %lld programs, %.1f MB of at most %.0f MB\n", usage.folder.c_str(),
              static_cast<long long>(usage.programs), static_cast<double>(usage.bytes) / 1e6,
              static_cast<double>(usage.max_bytes) / 1e6);
}

}  // namespace

void add_cache(CLI::App& app) {
  static Options options;
  CLI::App* command = app.add_subcommand("cache", "Show where compiled programs are kept, or remove them");
  command->add_flag("--clear", options.clear, "Remove all programs first");
  command->add_flag("--json", options.json, "Print one JSON object");
  command->footer(
      "The folder is $HORNBEAM_CACHE_DIR ('off': none), else $XDG_CACHE_HOME/hornbeam, else ~/.cache/hornbeam;\n"
      "HORNBEAM_CACHE_BYTES bounds it.\n\n"
      "Example:\n  hornbeam cache --clear");
  command->callback([] { show(options); });
}

}  // namespace hornbeam::cli
