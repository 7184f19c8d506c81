// The null device: memory and checks like the cpu's, but nothing is run.
#include <hornbeam/runtime/device.h>

#include "runtime/device/host_memory.h"

namespace hornbeam::runtime {
namespace {

class NullExecutable : public Executable {
 public:
  explicit NullExecutable(Program program)
      : Executable(std::move(program)),
        arena_(allocate_host_memory(static_cast<size_t>(arena_bytes(this->program())))) {}

 private:
  void run_checked(int, const CallArguments&) override {}

  Buffer arena_;
};

class NullDevice : public HostMemoryDevice {
 public:
  std::string name() const override { return "null"; }

  std::unique_ptr<Executable> load(Program program) override {
    return std::make_unique<NullExecutable>(std::move(program));
  }
};

}  // namespace

std::shared_ptr<Device> null_device() {
  static const std::shared_ptr<Device> device = std::make_shared<NullDevice>();
  return device;
}

}  // namespace hornbeam::runtime
