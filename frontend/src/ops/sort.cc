// Sorting and searching: everything is taken by the places that horn.argsort gives, so gradients are those of taking.
#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/reduce.h>
#include <hornbeam/ops/shape.h>
#include <hornbeam/ops/sort.h>

#include "frontend/src/ops/compose.h"
#include "frontend/src/ops/network.h"

namespace hornbeam::ops {
namespace {

using Xs = std::vector<Tensor>;

// From this size on the network's n log(n)^2 comparisons are fewer than the compiler's n^2.
constexpr int64_t kLongAxis = 2048;

Tensor order_of(const Tensor& x, int64_t axis, bool descending = false) {
  if (x.shape()[axis] >= kLongAxis) {
    Tensor last = moveaxis(stop_gradient(x), axis, -1);
    return moveaxis(network_order(last, descending), -1, axis);
  }
  return trace::emit("argsort", {x}, {{"axis", axis}, {"descending", descending}});
}
Config axis_or_none(const std::optional<int64_t>& axis) { return Config::object({{"axis", axis}}); }

// The tensor to sort and its axis.
std::pair<Tensor, int64_t> along(const Tensor& x, const std::optional<int64_t>& axis, const char* op) {
  if (!axis) return {ravel(x), 0};
  return {x, canonical_axis(*axis, x.rank(), op)};
}

}  // namespace

Tensor argsort(const Tensor& x, std::optional<int64_t> axis) {
  return composed_unary(
      "Argsort", x,
      [axis](const Tensor& x) {
        if (x.rank() == 0) return zeros_like(x, DType::int32);
        auto [in, at] = along(x, axis, "argsort");
        return order_of(in, at);
      },
      axis_or_none(axis));
}

Tensor sort(const Tensor& x, std::optional<int64_t> axis) {
  return composed_unary(
      "Sort", x,
      [axis](const Tensor& x) {
        if (x.rank() == 0) return trace::Trace::current()->lift(x);
        auto [in, at] = along(x, axis, "sort");
        return take_along_axis(in, order_of(in, at), at);
      },
      axis_or_none(axis));
}

Tensor argpartition(const Tensor& x, int64_t kth, std::optional<int64_t> axis) {
  return composed_unary(
      "Argpartition", x,
      [=](const Tensor& x) {
        auto [in, at] = along(x, axis, "argpartition");
        int64_t n = in.shape()[at], k = kth < 0 ? kth + n : kth;
        if (k < 0 || k >= n)
          throw ValueError("[argpartition] kth must be a place of the axis of size " + std::to_string(n) +
                           ". Received: kth=" + std::to_string(kth));
        // A sort by rank that leaves the elements behind kth in their old order.
        Tensor rank = order_of(order_of(in, at), at);
        Tensor key = where(less_equal(rank, k), rank, add(iota(in.shape(), at), n));
        return order_of(key, at);
      },
      Config::object({{"kth", kth}, {"axis", axis}}));
}

TopK top_k(const Tensor& x, int64_t k, bool sorted) {
  Xs both = apply_many("TopK", {x}, Config::object({{"k", k}, {"sorted", sorted}}), [k](const Xs& xs) {
    const Tensor& x = xs[0];
    if (x.rank() == 0 || k < 0 || k > x.shape()[-1])
      throw ValueError("[top_k] k must be in [0, size of the last axis]. Received: k=" + std::to_string(k) +
                       ", x.shape=" + x.shape().to_string());
    Tensor places = part(order_of(x, x.rank() - 1, true), x.rank() - 1, 0, k);
    return Xs{take_along_axis(x, places, -1), places};
  });
  return {both[0], both[1]};
}

Tensor in_top_k(const Tensor& targets, const Tensor& predictions, int64_t k) {
  return composed_binary(
      "InTopK", targets, predictions,
      [k](const Tensor& targets, const Tensor& predictions) {
        if (predictions.rank() < 1 || targets.rank() != predictions.rank() - 1)
          throw ValueError("[in_top_k] predictions must have one axis more than targets. Received: targets.shape=" +
                           targets.shape().to_string() + ", predictions.shape=" + predictions.shape().to_string());
        int64_t classes = predictions.shape()[-1];
        Tensor valid = logical_and(greater_equal(targets, 0), less(targets, classes));
        Tensor place = expand_dims(where(valid, targets, 0), -1);
        Tensor score = take_along_axis(predictions, place, -1);
        Tensor larger = sum(cast(greater(predictions, score), DType::int32), -1);
        return logical_and(logical_and(valid, isfinite(squeeze(score, -1))), less(larger, k));
      },
      Config::object({{"k", k}}));
}

Tensor searchsorted(const Tensor& sorted_sequence, const Tensor& values, const std::string& side) {
  if (side != "left" && side != "right")
    throw ValueError("[searchsorted] side must be \"left\" or \"right\". Received: side=" + side);
  return composed_binary(
      "SearchSorted", sorted_sequence, values,
      [=](const Tensor& sequence, const Tensor& values) {
        if (sequence.rank() != 1)
          throw ValueError("[searchsorted] sorted_sequence must be a vector. Received: shape " +
                           sequence.shape().to_string());
        Tensor value = expand_dims(values, -1);
        Tensor before = side == "left" ? less(sequence, value) : less_equal(sequence, value);
        return sum(cast(before, DType::int32), -1);
      },
      Config::object({{"side", side}}));
}
Tensor digitize(const Tensor& x, const Tensor& bins) {
  return composed_binary("Digitize", x, bins, [](const Tensor& x, const Tensor& bins) {
    if (bins.rank() != 1)
      throw ValueError("[digitize] bins must be a vector. Received: shape " + bins.shape().to_string());
    return searchsorted(bins, x, "right");
  });
}

Tensor isin(const Tensor& x1, const Tensor& x2, bool assume_unique, bool invert) {
  return composed_binary(
      "IsIn", x1, x2,
      [=](const Tensor& x1, const Tensor& x2) {
        Tensor found = any(equal(expand_dims(x1, -1), ravel(x2)), -1);
        return invert ? logical_not(found) : found;
      },
      Config::object({{"assume_unique", assume_unique}, {"invert", invert}}));
}

}  // namespace hornbeam::ops
