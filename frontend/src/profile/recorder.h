// Programs that are compiled to be profiled, and what their clocks saw.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <hornbeam/profile.h>
#include <hornbeam/runtime/device.h>
#include <hornbeam/runtime/profiler.h>

#include "codegen/compiler.h"

namespace hornbeam::profile {

class Recorder {
 public:
  Recorder();
  ~Recorder();
  Recorder(const Recorder&) = delete;

  // What this thread compiles while a scope lives, sessions compile for its recorder.
  static Recorder* current();
  class Scope {
   public:
    explicit Scope(Recorder* recorder);  // null: leaves the one that there is
    ~Scope();
    Scope(const Scope&) = delete;

   private:
    Recorder* previous_;
  };

  // What sets apart the keys of the programs that are this recorder's.
  const std::string& key() const { return key_; }
  void add(std::shared_ptr<runtime::Executable> executable, std::vector<codegen::KernelSite> sites);

  // Between calls of the programs.
  void start();
  void stop();

  // Of what was recorded of entries whose names begin with `step`; `model` is left out of layers' paths.
  Profile result(const std::string& step, const std::string& model, int64_t batch_size, int64_t steps) const;

 private:
  struct Compiled {
    std::shared_ptr<runtime::Executable> executable;
    std::vector<codegen::KernelSite> sites;
    std::unique_ptr<runtime::KernelClock> clock;
  };
  std::string key_;
  std::vector<Compiled> programs_;
};

}  // namespace hornbeam::profile
