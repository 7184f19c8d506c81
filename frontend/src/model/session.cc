#include "frontend/src/model/session.h"

#include <algorithm>

#include "codegen/compiler.h"
#include "frontend/src/profile/recorder.h"
#include "frontend/src/trace/trace.h"
#include "frontend/src/variable_impl.h"

namespace hornbeam {

Session::Session()
    : state_(std::make_shared<runtime::State>(runtime::cpu_device(), std::vector<runtime::StateVariable>())) {}

void Session::add(runtime::Segment segment, const std::vector<Variable>& variables) {
  std::vector<runtime::StateVariable> added;
  for (const Variable& variable : variables) {
    if (names_.contains(variable.impl())) continue;
    std::string name = variable.path();
    auto taken = [&](const std::string& candidate) {
      return state_->contains(candidate) ||
             std::any_of(added.begin(), added.end(), [&](const auto& other) { return other.name == candidate; });
    };
    for (int i = 1; taken(name); ++i) name = variable.path() + "#" + std::to_string(i);
    added.push_back({name, variable.dtype(), variable.shape(), segment, 0});
    names_[variable.impl()] = name;
    members_.push_back({variable, segment, name});
  }
  if (!added.empty()) state_->extend(std::move(added));
}

void Session::bind() {
  for (const Member& member : members_)
    if (VariableImpl& impl = *member.variable.impl(); impl.state != state_) {
      impl.bind(state_, member.name);
      impl.session = weak_from_this();
    }
}

std::vector<ir::Argument> Session::arguments(std::vector<runtime::Segment> segments) const {
  std::vector<ir::Argument> arguments;
  for (const Member& member : members_)
    if (std::find(segments.begin(), segments.end(), member.segment) != segments.end())
      arguments.push_back({member.name, {member.variable.dtype(), member.variable.shape()}, ir::Role::state});
  return arguments;
}

std::vector<Variable> Session::variables(std::vector<runtime::Segment> segments) const {
  std::vector<Variable> variables;
  for (const Member& member : members_)
    if (std::find(segments.begin(), segments.end(), member.segment) != segments.end())
      variables.push_back(member.variable);
  return variables;
}

std::string Session::full_key(const std::string& key) {
  const profile::Recorder* recorder = profile::Recorder::current();
  return recorder ? key + recorder->key() : key;
}

void Session::compile(const std::vector<Request>& requests, int num_threads, const std::string& dump_dir) {
  // A program's parts are shared out among so many threads; with another number it is compiled anew.
  if (num_threads != num_threads_) steps_.clear();
  num_threads_ = num_threads;
  ir::Module module;
  ir::Builder builder(module);
  std::vector<std::pair<std::string, std::string>> made;  // key, function
  for (const Request& request : requests) {
    std::string key = full_key(request.key);
    auto same_key = [&](const auto& other) { return other.first == key; };
    if (steps_.contains(key) || std::any_of(made.begin(), made.end(), same_key)) continue;
    std::string function = request.name + (made.empty() ? "" : "_" + std::to_string(made.size()));
    request.trace(builder, function);
    made.emplace_back(key, function);
  }
  if (made.empty()) return;
  profile::Recorder* recorder = profile::Recorder::current();
  std::vector<codegen::KernelSite> sites;
  runtime::Program program = trace::unwrap(
      codegen::compile(std::move(module), state_->variables(),
                       {.num_threads = num_threads, .dump_dir = dump_dir, .sites = recorder ? &sites : nullptr}));
  executables_.push_back(state_->device()->load(std::move(program)));
  state_->check(executables_.back()->program());
  if (recorder) recorder->add(executables_.back(), std::move(sites));
  for (const auto& [key, function] : made) steps_[key] = {executables_.back().get(), function};
}

}  // namespace hornbeam
