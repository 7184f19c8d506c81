// Switches the clocks of programs on and off, and adds up what they saw.
#include "frontend/src/profile/recorder.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <map>

#include <hornbeam/runtime/threads.h>

#include "frontend/src/profile/peak.h"

namespace hornbeam::profile {
namespace {

constexpr size_t kMostEvents = 50000;

thread_local Recorder* current_recorder = nullptr;

// "kernel_gemm_32x128x784_7" is number 7 of its program's kernels: of no interest.
std::string short_name(std::string kernel) {
  if (kernel.starts_with("kernel_")) kernel.erase(0, 7);
  size_t number = kernel.rfind('_');
  if (number != std::string::npos && kernel.find_first_not_of("0123456789", number + 1) == std::string::npos)
    kernel.erase(number);
  return kernel;
}

// Who a kernel belongs to, and who else is in it.
struct Owner {
  std::string layer;
  bool gradient = false;
  std::vector<std::string> with;
};

Owner owner_of(const codegen::KernelSite& site, const std::string& model) {
  auto name = [&](const std::string& path) {
    if (path == model) return std::string("(other)");
    return path.starts_with(model + "/") ? path.substr(model.size() + 1) : path;
  };
  if (site.kernel == "barrier") return {"(waiting)"};
  auto is = [&](const char* kind) { return site.kernel.find(kind) != std::string::npos; };
  if (site.sources.empty()) return {is("gather_rows") || is("store_rows") ? "(data)" : "(other)"};
  Owner owner{name(site.sources[0].path), site.sources[0].gradient};
  for (size_t i = 1; i < site.sources.size(); ++i)
    owner.with.push_back(name(site.sources[i].path) + (site.sources[i].gradient ? "'" : ""));
  return owner;
}

}  // namespace

Recorder::Recorder() {
  static std::atomic<int64_t> count = 0;
  key_ = "/profile" + std::to_string(count++);
}

Recorder::~Recorder() { stop(); }

Recorder* Recorder::current() { return current_recorder; }
Recorder::Scope::Scope(Recorder* recorder) : previous_(current_recorder) {
  if (recorder) current_recorder = recorder;
}
Recorder::Scope::~Scope() { current_recorder = previous_; }

void Recorder::add(std::shared_ptr<runtime::Executable> executable, std::vector<codegen::KernelSite> sites) {
  programs_.push_back({std::move(executable), std::move(sites), nullptr});
}

void Recorder::start() {
  for (Compiled& program : programs_) {
    int threads = 1;
    for (const runtime::Entry& entry : program.executable->program().entries)
      threads = std::max(threads, static_cast<int>(entry.num_threads));
    program.clock = std::make_unique<runtime::KernelClock>(std::min(threads, num_threads()));
    program.executable->set_profiler(program.clock.get());
  }
}

void Recorder::stop() {
  for (Compiled& program : programs_)
    if (program.clock) program.executable->set_profiler(nullptr);
}

Profile Recorder::result(const std::string& step, const std::string& model, int64_t batch_size, int64_t steps) const {
  Profile profile{.step = step, .batch_size = batch_size, .steps = std::max<int64_t>(steps, 1)};
  const auto per_step = static_cast<double>(profile.steps);
  std::map<std::pair<std::string, bool>, size_t> rows;
  int64_t first = std::numeric_limits<int64_t>::max();
  struct Seen {
    runtime::KernelClock::Event event;
    size_t kernel;
    int thread;
  };
  std::vector<Seen> seen;
  for (const Compiled& program : programs_) {
    if (!program.clock) continue;
    std::vector<size_t> kernel_of(program.sites.size(), SIZE_MAX);
    for (size_t i = 0; i < program.sites.size(); ++i) {
      const codegen::KernelSite& site = program.sites[i];
      if (!site.entry.starts_with(step)) continue;
      Owner owner = owner_of(site, model);
      kernel_of[i] = profile.kernels.size();
      profile.kernels.push_back({short_name(site.kernel), owner.layer, owner.gradient, 0, 0, site.flops, site.bytes});
      auto [row, added] = rows.try_emplace({owner.layer, owner.gradient}, profile.layers.size());
      if (added) profile.layers.push_back({owner.layer, owner.gradient});
      for (const std::string& other : owner.with) {
        std::vector<std::string>& with = profile.layers[row->second].with;
        if (other != owner.layer + (owner.gradient ? "'" : "") &&
            std::find(with.begin(), with.end(), other) == with.end())
          with.push_back(other);
      }
    }
    for (int thread = 0; thread < program.clock->threads(); ++thread)
      for (const auto& event : program.clock->events(thread)) {
        size_t kernel = kernel_of[static_cast<size_t>(event.site)];
        if (kernel == SIZE_MAX) continue;
        profile.threads = std::max(profile.threads, thread + 1);
        seen.push_back({event, kernel, thread});
        first = std::min(first, event.begin);
        KernelTime& time = profile.kernels[kernel];
        // Each thread does its share; the first one's time, its waiting included, adds up to the step's.
        if (thread == 0) {
          time.calls += 1 / per_step;
          time.seconds += static_cast<double>(event.end - event.begin) * 1e-9 / per_step;
        }
      }
  }
  for (KernelTime& kernel : profile.kernels) {
    kernel.flops *= kernel.calls;
    kernel.bytes *= kernel.calls;
    LayerTime& layer = profile.layers[rows.at({kernel.layer, kernel.gradient})];
    layer.seconds += kernel.seconds;
    layer.flops += kernel.flops;
    layer.bytes += kernel.bytes;
    profile.step_seconds += kernel.seconds;
  }
  std::erase_if(profile.layers, [](const LayerTime& layer) { return layer.seconds == 0; });
  std::sort(seen.begin(), seen.end(), [](const Seen& a, const Seen& b) { return a.event.begin < b.event.begin; });
  for (size_t i = seen.size() > kMostEvents ? seen.size() - kMostEvents : 0; i < seen.size(); ++i)
    profile.events.push_back({seen[i].kernel, seen[i].thread, static_cast<double>(seen[i].event.begin - first) * 1e-9,
                              static_cast<double>(seen[i].event.end - seen[i].event.begin) * 1e-9});
  profile.peak_flops = peak_flops(profile.threads);
  profile.peak_bytes_per_second = peak_bytes_per_second(profile.threads);
  return profile;
}

}  // namespace hornbeam::profile
