// The room's door for those who know no MLIR: builds a module of horn functions, op by op. Nothing here throws; a bad op
// is answered with a status whose text is Keras-like (shapes expected and received).
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <absl/status/statusor.h>
#include <hornbeam/base/array.h>
#include <hornbeam/base/dtype.h>
#include <hornbeam/base/shape.h>

namespace hornbeam::ir {

struct Type {
  DType dtype = DType::invalid;
  Shape shape;  // may have unknown axes in infer(); static in a function
  friend bool operator==(const Type&, const Type&) = default;
};

// An op's attribute. Integers are 64-bit; a list of integers is an axis list, a shape, strides or a permutation.
using Attr = std::variant<bool, int64_t, double, std::string, std::vector<int64_t>, std::vector<double>, DType, Array>;
using Attrs = std::vector<std::pair<std::string, Attr>>;

// A handle of a value in a function being built: cheap to copy, valid as long as the module lives.
class Value {
 public:
  Value() = default;
  explicit Value(const void* impl) : impl_(impl) {}
  bool valid() const { return impl_ != nullptr; }
  Type type() const;
  const void* impl() const { return impl_; }
  friend bool operator==(Value, Value) = default;

 private:
  const void* impl_ = nullptr;  // mlir::Value's opaque pointer
};

// The result types of op `name` ("horn.add" is named "add") for operand types that may have unknown axes: what the
// frontend uses for symbolic tensors.
absl::StatusOr<std::vector<Type>> infer(std::string_view name, std::span<const Type> operands, const Attrs& attrs);

// Runs one op on host arrays with the reference evaluator. Slow and right.
absl::StatusOr<std::vector<Array>> evaluate(std::string_view name, std::span<const Array> operands, const Attrs& attrs);

// Names of all horn ops that the builder can make, for tests that go over all of them.
std::vector<std::string> op_names();
// Whether the op has a derivative (perhaps 0 everywhere). False for an unknown op.
bool is_differentiable(std::string_view name);

// What an argument of a job function is to the machine.
enum class Role : uint8_t {
  state,   // a state variable, by name: read, and written where a result names it
  batch,   // one batch of a data input: axis 0 is the batch
};
struct Argument {
  std::string name;
  Type type;
  Role role = Role::batch;
};
// What a result is: the new value of the state variable `name`, or an output of the entry.
struct Result {
  Value value;
  std::string name;
  Role role = Role::state;   // state: updates that variable; batch: an output written per batch
  bool per_batch = true;     // for outputs: see runtime::Port
};

class Module {
 public:
  Module();
  ~Module();
  Module(Module&&) noexcept;
  Module& operator=(Module&&) noexcept;

  std::string to_string() const;  // the module's text
  // Parses text that to_string wrote (tests, tools).
  static absl::StatusOr<Module> parse(const std::string& text);

  struct Impl;  // holds the mlir::ModuleOp and its context; ir/module_impl.h, for ir, passes and codegen
  Impl& impl() const { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

// Builds one function at a time at the end of a module.
class Builder {
 public:
  explicit Builder(Module& module);
  ~Builder();

  // Opens function `name`; returns the values of its arguments.
  std::vector<Value> begin_function(const std::string& name, std::span<const Argument> arguments);
  // Closes it. A state argument that no result updates is read-only.
  absl::Status end_function(std::span<const Result> results);

  // Appends one op, its result types inferred, and returns its results.
  absl::StatusOr<std::vector<Value>> create(std::string_view name, std::span<const Value> operands, const Attrs& attrs = {});
  // For the many ops with one result.
  absl::StatusOr<Value> create_one(std::string_view name, std::span<const Value> operands, const Attrs& attrs = {});
  Value constant(const Array& value);

  // What is created from here to end_source comes from `name` (a layer, the loss, …): profiles tell it. Sources nest, and
  // are known by their path, "encoder/dense".
  void begin_source(std::string_view name);
  void end_source();

  // Differentiation: what is created between begin_gradient and end_gradient stands in the region of a horn.gradient op
  // (which may nest). Values from outside are visible inside; inner ones leave through `aux`.
  void begin_gradient();
  struct Gradient {
    Value value;                // the scalar that was differentiated
    std::vector<Value> aux;     // the aux values, now visible outside
    std::vector<Value> grads;   // d value / d wrt[i], of wrt[i]'s type; zeros where value does not depend on it
  };
  // `value` is a float scalar made inside; each of `wrt` a float value from outside.
  absl::StatusOr<Gradient> end_gradient(Value value, std::span<const Value> wrt, std::span<const Value> aux);

  // Loops and branches: what is created between begin_body and end_body is a body, which the next scan (or the two that
  // the next cond or while_loop) takes. Values from outside that it uses become operands of that op.
  std::vector<Value> begin_body(std::span<const Type> arguments);
  void end_body(std::span<const Value> yields);
  // Body: the carried values, then the slices of `xs` along their axis 0 at a step → new carried values, outputs.
  // Returns the last carried values, then the outputs of all `length` steps, stacked along axis 0. `reverse`: the last
  // slice first.
  absl::StatusOr<std::vector<Value>> scan(std::span<const Value> init, std::span<const Value> xs, int64_t length,
                                          bool reverse = false);
  // Bodies: what is computed where `pred` (a boolean scalar) is true, and where it is false; both without arguments.
  absl::StatusOr<std::vector<Value>> cond(Value pred);
  // Bodies: the condition (carried values → boolean scalar), and a step (carried values → new ones).
  absl::StatusOr<std::vector<Value>> while_loop(std::span<const Value> init);
  // Body: no arguments → values, which this returns; a gradient computes the body again.
  absl::StatusOr<std::vector<Value>> remat();
  // Body: cotangents of `values` → cotangents of the floats `inputs`. Returns the values with this derivative.
  absl::StatusOr<std::vector<Value>> custom_gradient(std::span<const Value> values, std::span<const Value> inputs);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Runs function `name` of the module on host arrays with the reference evaluator: arguments in order, results in order.
absl::StatusOr<std::vector<Array>> evaluate_function(const Module& module, const std::string& name, std::span<const Array> arguments);

}  // namespace hornbeam::ir
