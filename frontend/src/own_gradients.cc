// What remat.h and ops/custom_gradient.h stand on, and RematScope.
#include <hornbeam/ops/custom_gradient.h>
#include <hornbeam/remat.h>

#include <algorithm>

#include "frontend/src/ops/apply.h"

namespace hornbeam {
namespace {

thread_local std::shared_ptr<const RematOptions> current_options;

}  // namespace

RematScope::RematScope(RematOptions options) : previous_(current_options) {
  const std::vector<std::string> modes = {"full", "activations", "larger_than", "list_of_layers", "none"};
  if (std::find(modes.begin(), modes.end(), options.mode) == modes.end())
    throw ValueError("RematScope: `mode` must be one of 'full', 'activations', 'larger_than', 'list_of_layers' and 'none'. "
                     "Received: mode=" + options.mode);
  current_options = options.mode == "none" ? nullptr : std::make_shared<const RematOptions>(std::move(options));
}

RematScope::~RematScope() { current_options = previous_; }

std::shared_ptr<const RematOptions> RematScope::current() { return current_options; }

namespace internal {

std::vector<Tensor> run_remat(const std::vector<Tensor>& inputs,
                              const std::function<std::vector<Tensor>(const std::vector<Tensor>&)>& body) {
  return ops::apply_many("Remat", inputs, Config::object(), [body](const std::vector<Tensor>& xs) {
    return trace::Trace::current()->remat([&] { return body(xs); });
  });
}

std::vector<Tensor> run_custom_gradient(const std::vector<Tensor>& inputs,
                                        const std::function<WithGradient(const std::vector<Tensor>&)>& function) {
  return ops::apply_many("CustomGradient", inputs, Config::object(), [function](const std::vector<Tensor>& xs) {
    std::vector<Tensor> lifted;
    for (const Tensor& x : xs) lifted.push_back(trace::Trace::current()->lift(x));
    WithGradient result = function(lifted);
    return trace::Trace::current()->custom_gradient(result.outputs, lifted, result.gradient);
  });
}

}  // namespace internal
}  // namespace hornbeam
