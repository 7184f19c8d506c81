// Batcher's bitonic sorting network as one loop: in every step each element is compared with the one whose place
// differs in one bit. Equal elements are told apart by where they came from, so the order is that of a stable sort. K.
// E. Batcher, "Sorting networks and their applications", 1968.
#include "frontend/src/ops/network.h"

#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/bits.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/loops.h>
#include <hornbeam/ops/shape.h>

#include <vector>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops {
namespace {

using Xs = std::vector<Tensor>;

// Whether element a with origin i comes before b with origin j. Origins of n or more are filling, which comes last.
Tensor precedes(const Tensor& a, const Tensor& i, const Tensor& b, const Tensor& j, int64_t n, bool descending) {
  Tensor before = descending ? greater(a, b) : less(a, b), same = equal(a, b);
  if (is_float(a.dtype())) {  // NaN is the largest
    Tensor a_nan = isnan(a), b_nan = isnan(b);
    before = logical_or(before,
                        descending ? logical_and(a_nan, logical_not(b_nan)) : logical_and(b_nan, logical_not(a_nan)));
    same = logical_or(same, logical_and(a_nan, b_nan));
  }
  before = logical_or(before, logical_and(same, less(i, j)));
  Tensor a_filling = greater_equal(i, n), b_filling = greater_equal(j, n);
  Tensor both = logical_and(a_filling, b_filling);
  Tensor real = logical_and(before, logical_and(logical_not(a_filling), logical_not(b_filling)));
  return logical_or(real, logical_or(logical_and(b_filling, logical_not(a_filling)), logical_and(both, less(i, j))));
}

}  // namespace

Tensor network_order(const Tensor& x, bool descending) {
  int64_t n = x.shape()[-1], size = 1, axis = x.rank() - 1;
  while (size < n) size *= 2;
  std::vector<std::pair<int64_t, int64_t>> widths(x.rank(), {0, 0});
  widths[axis] = {0, size - n};
  Tensor keys = size == n ? x : pad(x, widths, zeros({}, x.dtype()));
  Tensor origin = to_shape(iota({size}, 0), keys.shape());

  std::vector<int64_t> blocks, distances;
  for (int64_t block = 2; block <= size; block *= 2)
    for (int64_t distance = block / 2; distance > 0; distance /= 2) {
      blocks.push_back(block);
      distances.push_back(distance);
    }
  auto step = [&](const Tensors& carry, const Tensors& now) {
    Tensor block = now[0], distance = now[1], place = iota({size}, 0);
    Tensor partner = bitwise_xor(place, distance);
    auto of_partner = [&](const Tensor& t) { return trace::emit("take", {t, partner}, {{"axis", axis}}); };
    Tensor other_key = of_partner(carry[0]), other_origin = of_partner(carry[1]);
    Tensor first = precedes(carry[0], carry[1], other_key, other_origin, n, descending);
    // The lower place of a pair keeps what comes first where its block is to ascend.
    Tensor ascends = equal(bitwise_and(place, block), 0), lower = less(place, partner);
    Tensor stays = equal(first, equal(ascends, lower));
    Tensors next(Xs{where(stays, carry[0], other_key), where(stays, carry[1], other_origin)});
    return std::pair(next, Tensors());
  };
  Tensors last = scan(step, Xs{keys, origin}, Xs{indices(blocks), indices(distances)}).first;
  return part(last[1], axis, 0, n);
}

}  // namespace hornbeam::ops
