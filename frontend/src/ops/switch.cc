// A branch of several, as a chain of branches of two.
#include <hornbeam/ops/switch.h>

#include <hornbeam/base/error.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/loops.h>

namespace hornbeam::ops {

Tensors switch_case(const Tensor& index, const std::vector<std::function<Tensors(const Tensors&)>>& branches,
                    const Tensors& operands) {
  if (branches.empty()) throw ValueError("[switch] At least one branch is needed. Received: none");
  // By halves, so that no branch is deeper than log2 of their number.
  std::function<Tensors(size_t, size_t)> choose = [&](size_t first, size_t last) -> Tensors {
    if (last - first == 1) return branches[first](operands);
    size_t middle = first + (last - first) / 2;
    return cond(
        less(index, static_cast<int64_t>(middle)), [&, first, middle] { return choose(first, middle); },
        [&, middle, last] { return choose(middle, last); });
  };
  return choose(0, branches.size());
}

}  // namespace hornbeam::ops
