// Tracing: running C++ code that calls ops while a trace is open writes a horn function. This folder is the only place
// that calls ir/builder.h. The op sources write through emit(); models and tests use trace_function (trace_function.h).
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include <hornbeam/gradient.h>
#include <hornbeam/tensor.h>
#include <hornbeam/variable.h>

#include "frontend/src/tensor_impl.h"
#include "ir/builder.h"

namespace hornbeam::trace {

using ir::Attrs;

// One open trace of this thread, ops of which go into a builder, or, without one, only infer types.
class Trace {
 public:
  explicit Trace(ir::Builder* builder) : builder_(builder) {}
  Trace(const Trace&) = delete;

  // The innermost open trace; null if none.
  static Trace* current();
  // Null where only types are inferred.
  ir::Builder* builder() const { return builder_; }
  // While it lives, `trace` is the current one.
  class Scope {
   public:
    explicit Scope(Trace& trace);
    ~Scope();
    Scope(const Scope&) = delete;

   private:
    Trace* previous_;
  };

  // A value of the builder as a tensor.
  Tensor wrap(ir::Value value) const;
  // A placeholder of a type; for type inference only.
  static Tensor placeholder(DType dtype, Shape shape);
  std::vector<Tensor> emit(const char* op, const std::vector<Tensor>& operands, const Attrs& attrs);
  // The tensor as a value of this trace: a constant is written, a variable read.
  Tensor lift(const Tensor& tensor);
  ir::Value value(const Tensor& tensor);

  // A variable's argument. Only variables that were bound can be read while building; inference takes any.
  void bind(const Variable& variable, ir::Value argument);
  Tensor read(const Variable& variable);
  // The same as layers see it: floats in `autocast`, if set.
  Tensor read_cast(const Variable& variable);
  void assign(const Variable& variable, const Tensor& value);
  bool is_assigned(const Variable& variable) const { return assigned_.contains(variable.impl()); }
  // The variables that were read or assigned while inferring, in order.
  const std::vector<Variable>& used() const { return used_; }

  Gradient gradient(const std::function<std::vector<Tensor>()>& function, const std::vector<Tensor>& wrt);

  // Loops and branches. A body is run twice: first for types alone, to see which variables it assigns; these are carried
  // from step to step, or given on by the branches.
  using Body = std::function<std::vector<Tensor>(const std::vector<Tensor>&)>;
  // body: the carried values, then the slices of xs along axis 0 at a step → new carried values, then outputs. Returns
  // the last carried values, then the outputs of all steps, stacked. With `reverse` the last slice comes first.
  std::vector<Tensor> scan(const std::vector<Tensor>& init, const std::vector<Tensor>& xs, int64_t length, bool reverse,
                           const Body& body);
  std::vector<Tensor> cond(const Tensor& pred, const std::function<std::vector<Tensor>()>& then_body,
                           const std::function<std::vector<Tensor>()>& else_body);
  // condition: the carried values → a boolean scalar.
  std::vector<Tensor> while_loop(const std::vector<Tensor>& init, const std::function<Tensor(const std::vector<Tensor>&)>& condition,
                                 const Body& body);

  // What `body` gives; for a gradient it is computed again instead of kept (hb::remat).
  std::vector<Tensor> remat(const std::function<std::vector<Tensor>()>& body);
  // `outputs` were computed from `inputs`; their gradient is what `backward` makes of the outputs' gradients, one for each
  // input: of its shape, or not valid for none. Returns the outputs to go on with.
  std::vector<Tensor> custom_gradient(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs,
                                      const std::function<std::vector<Tensor>(const std::vector<Tensor>&)>& backward);

  // What the layer being called computes in; null outside of layers.
  std::optional<DType> autocast;
  // Scalars that layers added to the loss (add_loss), in order.
  std::vector<Tensor> losses;

 private:
  // The variables that the body assigns, sorted by path, when run on placeholders of these types.
  std::vector<Variable> assigned_by(const std::vector<Tensor>& like, const Body& body) const;
  // Puts the losses that a body added, since there were `before`, among its outputs; outside they are put back.
  std::vector<Tensor> take_losses(size_t before);

  // A body of the builder, whose tensors do not leave it but as its results.
  std::vector<ir::Value> open_body(const std::vector<ir::Type>& arguments);
  void close_body(const std::vector<ir::Value>& yields);

  ir::Builder* builder_;
  // Of each open gradient or body, innermost last: the tensors made inside, of which some outlive its function.
  mutable std::vector<std::vector<std::weak_ptr<const TensorImpl>>> made_inside_;
  std::unordered_map<VariableImpl*, Tensor> values_;
  std::unordered_map<VariableImpl*, Variable> assigned_;
  std::vector<Variable> used_;
};

// Appends an op to the current trace; there must be one. One result, or several.
Tensor emit(const char* op, const std::vector<Tensor>& operands, const Attrs& attrs = {});

struct Spec {
  DType dtype = DType::invalid;
  Shape shape;
  friend bool operator==(const Spec&, const Spec&) = default;
};

// Output types of a function of tensors whose shapes may have unknown axes: it is run twice on types with different
// sizes in their place, and axes that come out different are unknown.
std::vector<Spec> infer(const std::vector<Spec>& inputs,
                        const std::function<std::vector<Tensor>(const std::vector<Tensor>&)>& function);

// Throws ValueError with the status's text, NotImplementedError where the status is Unimplemented.
[[noreturn]] void raise(const absl::Status& status);
template <class T>
T unwrap(absl::StatusOr<T> value) {
  if (!value.ok()) raise(value.status());
  return *std::move(value);
}

}  // namespace hornbeam::trace
