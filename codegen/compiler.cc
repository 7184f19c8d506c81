// compile(): passes, kernels, machine code, Program.
#include "codegen/compiler.h"

#include <absl/strings/str_cat.h>
#include <hornbeam/runtime/program_cache.h>

#include "codegen/backend.h"
#include "codegen/cache_key.h"
#include "codegen/cpu/entry_wrapper.h"
#include "codegen/cpu/target.h"
#include "codegen/dump.h"
#include "codegen/state_places.h"
#include "ir/module_impl.h"
#include "passes/pipelines.h"

namespace hornbeam::codegen {
namespace {

std::vector<runtime::Port> ports_of(const std::vector<passes::Port>& ports) {
  std::vector<runtime::Port> result;
  for (const passes::Port& port : ports) result.push_back({port.name, port.dtype, port.shape, port.per_batch});
  return result;
}

runtime::Entry entry_of(const passes::LoweredEntry& lowered) {
  runtime::Entry entry;
  entry.name = lowered.name;
  entry.symbol = entry_symbol(lowered.name);
  entry.batch_size = lowered.batch_size;
  entry.inputs = ports_of(lowered.inputs);
  entry.outputs = ports_of(lowered.outputs);
  entry.arena_bytes = lowered.arena_bytes;
  entry.num_threads = lowered.num_threads;
  return entry;
}

absl::StatusOr<runtime::Program> compile_anew(ir::Module& module, std::vector<runtime::StateVariable> state,
                                              const Target& target, const CompileOptions& options) {
  absl::StatusOr<passes::StageObserver> observer = make_dumper(options.dump_dir);
  if (!observer.ok()) return observer.status();
  absl::StatusOr<std::vector<passes::LoweredEntry>> lowered =
      passes::lower(module, state_places(state), target, *observer);
  if (!lowered.ok()) return lowered.status();
  absl::StatusOr<std::string> image = compile_kernels(*module.impl().module, *lowered, target, *observer, options.sites);
  if (!image.ok()) return image.status();

  runtime::Program program;
  program.target = target_string(target);
  program.state = std::move(state);
  for (const passes::LoweredEntry& entry : *lowered) program.entries.push_back(entry_of(entry));
  program.image = *std::move(image);
  return program;
}

}  // namespace

absl::StatusOr<runtime::Program> compile(ir::Module module, std::vector<runtime::StateVariable> state,
                                         const CompileOptions& options) {
  absl::StatusOr<Target> target = resolve_target(options.cpu, options.num_threads);
  if (!target.ok()) return target.status();
  if (options.work_worth_sharing > 0) target->work_worth_sharing = options.work_worth_sharing;
  // Who wants to look at the stages, or at the kernels, has to go through them.
  const bool may_be_cached = options.dump_dir.empty() && !options.sites;
  std::shared_ptr<runtime::ProgramCache> cache = may_be_cached ? runtime::program_cache() : nullptr;
  std::string key = cache ? cache_key(module, state, *target) : "";
  if (key.empty()) return compile_anew(module, std::move(state), *target, options);
  if (std::optional<runtime::Program> found = cache->find(key)) return *std::move(found);
  absl::StatusOr<runtime::Program> program = compile_anew(module, std::move(state), *target, options);
  if (program.ok()) cache->store(key, *program);
  return program;
}

}  // namespace hornbeam::codegen
