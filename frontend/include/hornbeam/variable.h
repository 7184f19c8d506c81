// A variable: a shared handle of a value that outlives calls (a weight, a slot, a metric's total). It is a host array
// until a program is compiled that uses it, then a place in the program's state.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <hornbeam/base/array.h>
#include <hornbeam/constraint.h>
#include <hornbeam/initializer.h>
#include <hornbeam/regularizer.h>
#include <hornbeam/settings.h>
#include <hornbeam/tensor.h>

namespace hornbeam {

struct VariableOptions {
  std::string name = "variable";
  Shape shape = {};
  DType dtype = config::floatx();
  Initializer initializer = "zeros";
  bool trainable = true;
  Regularizer regularizer = {};
  Constraint constraint = {};
};

struct VariableImpl;  // frontend/src/variable_impl.h

class Variable {
 public:
  // Not set yet. Assigning a variable to it sets it in every copy made before: so a layer's member that `build` sets is
  // set in all copies of the layer.
  Variable();
  explicit Variable(const VariableOptions& options);       // value from the initializer
  explicit Variable(Array value, std::string name = "variable", bool trainable = false);
  Variable(const Variable&) = default;
  Variable& operator=(const Variable& other);

  bool valid() const;
  explicit operator bool() const { return valid(); }
  const std::string& name() const;  // "kernel"
  const std::string& path() const;  // "sequential/dense/kernel"
  const Shape& shape() const;
  DType dtype() const;
  bool trainable() const;
  void set_trainable(bool trainable);
  const Regularizer& regularizer() const;
  const Constraint& constraint() const;

  // The value now, as a row-major copy. Not inside a trace (use it as a tensor there).
  Array value() const;
  // In a trace: records the update, and later reads see it. Outside: sets the value. The shape must be the variable's
  // (ValueError), the dtype is cast.
  void assign(const Tensor& value) const;
  void assign_add(const Tensor& value) const;
  void assign_sub(const Tensor& value) const;

  operator Tensor() const;

  friend bool same(const Variable& a, const Variable& b) { return a.impl() == b.impl(); }
  VariableImpl* impl() const;

 private:
  struct Slot;
  std::shared_ptr<Slot> slot_;
};

inline Array to_array(const Variable& variable) { return variable.value(); }

// Variables made while a scope lives get "name/" before their path; Keras' `with keras.name_scope(name)`. Throws ValueError
// for a name that is empty or has a "/".
class NameScope {
 public:
  explicit NameScope(const std::string& name);
  ~NameScope();
  NameScope(const NameScope&) = delete;
  static std::string prefix();  // "" or "sequential/dense/"
};

}  // namespace hornbeam
