// keras.ops.custom_gradient: functions whose gradient is not the one that follows from their ops.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include <hornbeam/packing.h>

namespace hornbeam {
namespace internal {

struct WithGradient {
  std::vector<Tensor> outputs;
  // The gradients of the outputs → those of the inputs.
  std::function<std::vector<Tensor>(const std::vector<Tensor>&)> gradient;
};
std::vector<Tensor> run_custom_gradient(const std::vector<Tensor>& inputs,
                                        const std::function<WithGradient(const std::vector<Tensor>&)>& function);

}  // namespace internal

namespace ops {

// f(x...) returns {y, gradient}: gradient gets what the gradient is at y, like y, and returns what it is at the arguments: a
// Tensor for one, or a list with one each, in which a tensor that is not valid stands for 0. The gradient may use what f
// computed, and is differentiated itself where second derivatives are asked for.
//
//   // log(1 + exp(x)), whose gradient is exact where exp(x) overflows
//   auto log1pexp = hb::ops::custom_gradient([](const hb::Tensor& x) {
//     hb::Tensor e = hb::ops::exp(x);
//     auto gradient = [e](const hb::Tensor& upstream) { return upstream * (1.0 - 1.0 / (1.0 + e)); };
//     return std::pair(hb::ops::log(1.0 + e), gradient);
//   });
template <class F>
auto custom_gradient(F f) {
  return [f = std::move(f)](const auto&... args) {
    auto given = std::make_tuple(packing::as_argument(args)...);
    using R = decltype(std::apply(f, given));
    using Output = typename R::first_type;
    Output like;
    std::vector<Tensor> results =
        internal::run_custom_gradient(packing::flat(given), [&](const std::vector<Tensor>& xs) -> internal::WithGradient {
          R both = std::apply(f, packing::rebuilt(given, xs));
          like = both.first;
          return {packing::flat(both.first), [both](const std::vector<Tensor>& upstream) {
                    return packing::flat(both.second(packing::rebuilt(both.first, upstream)));
                  }};
        });
    return packing::rebuilt(like, results);
  };
}

}  // namespace ops

using ops::custom_gradient;

}  // namespace hornbeam
