// function: compiles a C++ function over tensors and variables, for training loops of one's own.
//
//   auto step = hb::function([&](const hb::Tensor& x, const hb::Tensor& y) {
//     hb::Gradient g = hb::value_and_grad([&] { return loss(y, model(x, {.training = true})); }, model.trainable_weights());
//     optimizer.apply_gradients(g.grads, model.trainable_weights());
//     return g.value;
//   });
//   for (…) std::cout << step(x_batch, y_batch) << "\n";
#pragma once

#include <any>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <hornbeam/packing.h>

namespace hornbeam {

struct FunctionOptions {
  size_t max_programs = 64;   // kept at a time; the one that was not used for longest is dropped
  int num_threads = 0;        // 0: all cores
  std::string dump_dir = "";  // where the compiler writes its IR after each stage
};

namespace internal {

// What all compiled functions have in common. (Source: src/function.cc.)
class CompiledFunction {
 public:
  struct Result {
    std::vector<Tensor> tensors;
    std::any structure;  // as the body gave it when it was traced
  };
  using Body = std::function<Result(const std::vector<Tensor>&)>;

  explicit CompiledFunction(FunctionOptions options);
  Result call(const std::string& key, const std::vector<Tensor>& inputs, const Body& body) const;
  size_t num_programs() const;
  size_t num_traces() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace internal

// A function that is compiled when it is called with arguments of dtypes and shapes that it has not met. Copies share the
// programs.
//
// The arguments are tensors, arrays, numbers, or structures of tensors (packing.h); the results come back as the function
// returns them, with elements. Variables that it uses (weights, slots, metrics, seeds) keep their values on the device
// between calls, shared with other functions and with fit, and what it assigns to them stays. C++ code in it runs when it
// is traced (twice), not at each call, so it must change nothing but variables, and concrete tensors that it uses from
// outside are constants. Inside a trace, and on symbolic tensors, the function is run as it is.
//
// A call runs to its end or throws before it began, whatever signals come: variables never hold half a step.
template <class F>
class Function {
 public:
  explicit Function(F f, FunctionOptions options = {})
      : f_(std::make_shared<F>(std::move(f))), compiled_(std::move(options)) {}

  template <class... Args>
  auto operator()(const Args&... args) const {
    auto given = std::make_tuple(packing::as_argument(args)...);
    using Given = decltype(given);
    using R = decltype(std::apply(*f_, given));
    std::string key;
    std::apply([&](const auto&... each) { ((key += packing::key(each)), ...); }, given);
    auto body = [&](const std::vector<Tensor>& xs) -> internal::CompiledFunction::Result {
      Given inside = packing::rebuilt(given, xs);
      if constexpr (std::is_void_v<R>) {
        std::apply(*f_, inside);
        return {};
      } else {
        R result = std::apply(*f_, inside);
        return {packing::flat(result), result};
      }
    };
    internal::CompiledFunction::Result result = compiled_.call(key, packing::flat(given), body);
    if constexpr (!std::is_void_v<R>) return packing::rebuilt(std::any_cast<const R&>(result.structure), result.tensors);
  }

  // How many compiled programs are kept, and how often the function was compiled.
  size_t num_programs() const { return compiled_.num_programs(); }
  size_t num_traces() const { return compiled_.num_traces(); }

 private:
  std::shared_ptr<F> f_;
  internal::CompiledFunction compiled_;
};

template <class F>
Function<F> function(F f, FunctionOptions options = {}) {
  return Function<F>(std::move(f), std::move(options));
}

}  // namespace hornbeam
