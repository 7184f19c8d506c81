// What users see of the runtime's cache of programs.
#include <hornbeam/compile_cache.h>

#include <memory>

#include <hornbeam/base/error.h>
#include <hornbeam/runtime/program_cache.h>

namespace hornbeam {

void set_compile_cache(const CompileCacheOptions& options) {
  if (options.max_bytes < 0)
    throw ValueError("set_compile_cache: max_bytes must not be negative. Received: max_bytes=" +
                     std::to_string(options.max_bytes));
  std::shared_ptr<runtime::ProgramCache> cache;
  if (!options.folder.empty()) cache = std::make_shared<runtime::ProgramCache>(options.folder, options.max_bytes);
  runtime::set_program_cache(std::move(cache));
}

CompileCacheUsage compile_cache_usage() {
  std::shared_ptr<runtime::ProgramCache> cache = runtime::program_cache();
  if (!cache) return {};
  runtime::ProgramCache::Usage usage = cache->usage();
  runtime::ProgramCache::Counts counts = cache->counts();
  return {cache->folder(), usage.programs, usage.bytes, cache->max_bytes(), counts.found, counts.missed};
}

void clear_compile_cache() {
  if (std::shared_ptr<runtime::ProgramCache> cache = runtime::program_cache()) cache->clear();
}

}  // namespace hornbeam
