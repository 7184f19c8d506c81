// The cpu: a program's image is loaded into the process and its entries are called on the thread pool.
#include <algorithm>
#include <mutex>

#include <hornbeam/base/error.h>
#include <hornbeam/runtime/device.h>
#include <hornbeam/runtime/profiler.h>

#include "runtime/device/cpu/shared_object.h"
#include "runtime/device/cpu/target.h"
#include "runtime/device/cpu/thread_pool.h"
#include "runtime/device/host_memory.h"

namespace hornbeam::runtime {
namespace {

class CpuExecutable : public Executable {
 public:
  explicit CpuExecutable(Program program)
      : Executable(std::move(program)),
        object_(this->program().image),
        arena_(allocate_host_memory(static_cast<size_t>(arena_bytes(this->program())))) {
    size_t most = 0;
    for (const Entry& entry : this->program().entries) {
      entries_.push_back(reinterpret_cast<HornbeamEntry>(object_.find(entry.symbol)));
      most = std::max(most, entry.inputs.size() + entry.outputs.size());
    }
    addresses_.resize(kNumSegments + 1 + most);
  }

  void set_profiler(HornbeamProfiler* profiler) override {
    std::lock_guard lock(mutex_);
    void* slot = object_.find_or_null(kProfilerSymbol);
    if (!slot) throw ValueError("The program cannot be profiled: it was not compiled for that.");
    *static_cast<HornbeamProfiler**>(slot) = profiler;
  }

 private:
  struct Launch {
    HornbeamEntry entry;
    HornbeamCall call;
  };

  void run_checked(int index, const CallArguments& arguments) override {
    std::lock_guard lock(mutex_);  // the arena holds one call
    void** address = addresses_.data();
    for (int i = 0; i < kNumSegments; ++i) *address++ = arguments.segments ? arguments.segments[i].address() : nullptr;
    *address++ = arena_.address();
    for (const Buffer& input : arguments.inputs) *address++ = input.address();
    for (const Buffer& output : arguments.outputs) *address++ = output.address();

    Launch launch{entries_[index], {addresses_.data(), arguments.rows.data(), arguments.steps, 0, 1, nullptr, nullptr}};
    if (program().entries[index].num_threads <= 1) {
      launch.entry(&launch.call);  // no thread to wait for: leave the pool to others
      return;
    }
    ThreadPool::shared().run(program().entries[index].num_threads, &run_thread, &launch);
  }

  static void run_thread(void* context, int thread, int num_threads, Barrier& barrier) {
    const Launch& launch = *static_cast<const Launch*>(context);
    HornbeamCall call = launch.call;
    call.thread = thread;
    call.num_threads = num_threads;
    if (num_threads > 1) {
      call.barrier = [](void* context) { static_cast<Barrier*>(context)->wait(); };
      call.barrier_context = &barrier;
    }
    launch.entry(&call);
  }

  SharedObject object_;
  Buffer arena_;
  std::vector<HornbeamEntry> entries_;
  std::vector<void*> addresses_;
  std::mutex mutex_;
};

class CpuDevice : public HostMemoryDevice {
 public:
  std::string name() const override { return "cpu"; }

  std::unique_ptr<Executable> load(Program program) override {
    check_target(program.target);
    return std::make_unique<CpuExecutable>(std::move(program));
  }
};

}  // namespace

std::shared_ptr<Device> cpu_device() {
  static const std::shared_ptr<Device> device = std::make_shared<CpuDevice>();
  return device;
}

}  // namespace hornbeam::runtime
