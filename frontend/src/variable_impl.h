// What a Variable points to: its options, and its value on the host or in a program's state.
#pragma once

#include <memory>
#include <string>

#include <hornbeam/runtime/state.h>
#include <hornbeam/variable.h>

namespace hornbeam {

class Session;

struct VariableImpl {
  std::string name;
  std::string path;
  Shape shape;
  DType dtype = DType::float32;
  bool trainable = true;
  Regularizer regularizer;
  Constraint constraint;

  // The value: in `host` until the variable is bound to a state.
  Array host;
  std::shared_ptr<runtime::State> state;
  std::string state_name;
  std::weak_ptr<Session> session;  // whose state it is

  Array value() const { return state ? state->read(state_name) : host.clone(); }
  void set_value(const Array& value);
  // The same of an array that nobody else holds.
  void take_value(Array value);
  // Moves the value into a state, where `name` must exist.
  void bind(std::shared_ptr<runtime::State> to, std::string name);
};

}  // namespace hornbeam
