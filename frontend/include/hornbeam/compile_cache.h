// Compiled programs are kept in a folder of this user, so that the next process that needs the same program (fit, predict,
// evaluate, functions, eager ops) loads it and compiles nothing. It is found again by the traced model, shapes, options,
// processor and build of Hornbeam. What is in the folder is code: it is made with the mode 0700, and a folder or file of
// somebody else is not used. A cache that cannot be read or written is silently none.
#pragma once

#include <cstdint>
#include <string>

namespace hornbeam {

struct CompileCacheOptions {
  std::string folder;                      // empty: no cache
  int64_t max_bytes = int64_t{1} << 30;    // programs used longest ago give way
};

// For what is compiled from now on. Without it: the folder that the environment variable HORNBEAM_CACHE_DIR names (no
// cache if it is empty or "off"), else $XDG_CACHE_HOME/hornbeam or ~/.cache/hornbeam; HORNBEAM_CACHE_BYTES bounds it.
// Throws ValueError if max_bytes is negative.
void set_compile_cache(const CompileCacheOptions& options);

struct CompileCacheUsage {
  std::string folder;  // empty: no cache
  int64_t programs = 0, bytes = 0, max_bytes = 0;
  int64_t found = 0, missed = 0;  // programs that this process asked for
};
CompileCacheUsage compile_cache_usage();

// Removes all programs in it.
void clear_compile_cache();

}  // namespace hornbeam
