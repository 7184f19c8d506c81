// The compiled side of a model: one state on the device, and the programs that work on it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <hornbeam/runtime/device.h>
#include <hornbeam/runtime/fit/loop.h>
#include <hornbeam/runtime/state.h>
#include <hornbeam/variable.h>

#include "ir/builder.h"

namespace hornbeam {

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session();

  // Makes the variables part of the state. Those that are already are left; names are made unique.
  void add(runtime::Segment segment, const std::vector<Variable>& variables);
  // Brings home the values of variables that another model's state holds now, or the host.
  void bind();
  // Makes the present values of the segment the ones that reset brings back.
  void set_initial(runtime::Segment segment) { state_->set_initial(segment); }

  // State arguments for the variables of some segments, for the tracing of a job.
  std::vector<ir::Argument> arguments(std::vector<runtime::Segment> segments) const;
  std::vector<Variable> variables(std::vector<runtime::Segment> segments) const;
  const std::string& name_of(const Variable& variable) const { return names_.at(variable.impl()); }
  runtime::Segment segment_of(const Variable& variable) const { return state_->variable(name_of(variable)).segment; }

  // A job: its key names it for good; `trace` writes its function, of the name it is given, at the end of a module.
  struct Request {
    std::string key;
    std::string name;
    std::function<void(ir::Builder&, const std::string& function)> trace;
  };
  // Compiles what is missing, all in one module.
  void compile(const std::vector<Request>& requests, int num_threads, const std::string& dump_dir);
  bool contains(const std::string& key) const { return steps_.contains(full_key(key)); }
  const runtime::Step& step(const std::string& key) const { return steps_.at(full_key(key)); }

  runtime::State& state() { return *state_; }

 private:
  // Programs that are profiled are others than those that are not.
  static std::string full_key(const std::string& key);

  struct Member {
    Variable variable;
    runtime::Segment segment;
    std::string name;
  };
  std::shared_ptr<runtime::State> state_;
  std::vector<Member> members_;
  std::unordered_map<VariableImpl*, std::string> names_;
  std::vector<std::shared_ptr<runtime::Executable>> executables_;
  std::map<std::string, runtime::Step> steps_;
  int num_threads_ = 0;
};

}  // namespace hornbeam
