// Rematerialization: what a function computes on the way to its results is not kept for the gradient but computed again,
// which needs less memory and more time. Names as in Keras.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <hornbeam/packing.h>

namespace hornbeam {

// Which calls a RematScope covers.
struct RematOptions {
  std::string mode = "full";                 // "full", "activations", "larger_than", "list_of_layers"
  int64_t output_size_threshold = 1024;      // larger_than: layers whose output has more elements
  std::vector<std::string> layer_names = {};  // list_of_layers: layers of these names
};

// Layers that are made while the scope lives are rematerialized when they are called: each of them ("full"), or, by the
// mode, their activation functions, those with large outputs, those of a list. Scopes nest; the innermost counts.
//
//   {
//     hb::RematScope scope({.mode = "full"});
//     block = hb::layers::Dense({.units = 4096, .activation = "gelu"});
//   }
class RematScope {
 public:
  // Throws ValueError for an unknown mode.
  explicit RematScope(RematOptions options = {});
  explicit RematScope(const char* mode) : RematScope(RematOptions{.mode = mode}) {}
  ~RematScope();
  RematScope(const RematScope&) = delete;
  // The options of the innermost scope; null outside of all.
  static std::shared_ptr<const RematOptions> current();

 private:
  std::shared_ptr<const RematOptions> previous_;
};

namespace internal {
std::vector<Tensor> run_remat(const std::vector<Tensor>& inputs,
                              const std::function<std::vector<Tensor>(const std::vector<Tensor>&)>& body);
}

// The function, rematerialized: takes and gives the same. Its arguments are tensors or structures of them (packing.h).
template <class F>
auto remat(F f) {
  return [f = std::move(f)](const auto&... args) {
    auto given = std::make_tuple(packing::as_argument(args)...);
    using R = decltype(std::apply(f, given));
    R like;
    std::vector<Tensor> results = internal::run_remat(packing::flat(given), [&](const std::vector<Tensor>& xs) {
      like = std::apply(f, packing::rebuilt(given, xs));
      return packing::flat(like);
    });
    return packing::rebuilt(like, results);
  };
}

}  // namespace hornbeam
