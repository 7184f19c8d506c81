// Products, softmax and cross-entropies.
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/nn.h>
#include <hornbeam/ops/reduce.h>
#include <hornbeam/ops/shape.h>

#include "frontend/src/ops/apply.h"
#include "frontend/src/trace/notes.h"

namespace hornbeam::ops {
namespace {

using Xs = std::vector<Tensor>;

Tensor dot_general(const Tensor& a, const Tensor& b, std::vector<int64_t> a_contract, std::vector<int64_t> b_contract,
                   std::vector<int64_t> a_batch = {}, std::vector<int64_t> b_batch = {}) {
  return trace::emit("dot", {a, b},
                     {{"lhs_contract", std::move(a_contract)},
                      {"rhs_contract", std::move(b_contract)},
                      {"lhs_batch", std::move(a_batch)},
                      {"rhs_batch", std::move(b_batch)}});
}

std::vector<int64_t> count_up(int64_t n) {
  std::vector<int64_t> axes;
  for (int64_t i = 0; i < n; ++i) axes.push_back(i);
  return axes;
}

Tensor matmul_body(const Tensor& x1, const Tensor& x2) {
  DType dtype = result_type({x1, x2});
  // Products of bytes are summed in 32 bits, as Keras does.
  if (x1.dtype() == DType::int8 && x2.dtype() == DType::int8) dtype = DType::int32;
  Tensor a = to_dtype(x1, dtype), b = to_dtype(x2, dtype);
  int64_t inner = b.rank() >= 2 ? b.shape()[-2] : b.rank() == 1 ? b.shape()[0] : -1;
  if (a.rank() == 0 || b.rank() == 0 || a.shape()[-1] != inner)
    throw ValueError(
        "[matmul] Inner dimensions (`x1.shape[-1]` and `x2.shape[-2]`) must be equal. Received: x1.shape=" +
        a.shape().to_string() + ", x2.shape=" + b.shape().to_string());
  // One contraction over x1's last axis wherever x2 has no batch axes.
  if (b.rank() <= 2) return dot_general(a, b, {a.rank() - 1}, {b.rank() == 2 ? 0 : b.rank() - 1});
  if (a.rank() == 1) return squeeze(matmul_body(expand_dims(a, 0), b), -2);
  Shape a_batch(std::vector<int64_t>(a.shape().begin(), a.shape().end() - 2));
  Shape b_batch(std::vector<int64_t>(b.shape().begin(), b.shape().end() - 2));
  Shape batch = broadcast_shape(a_batch, b_batch);
  auto widen = [&](const Tensor& x) {
    Shape shape = batch;
    shape.push_back(x.shape()[-2]);
    shape.push_back(x.shape()[-1]);
    return to_shape(x, shape);
  };
  int64_t n = batch.rank();
  return dot_general(widen(a), widen(b), {n + 1}, {n}, count_up(n), count_up(n));
}

// Crossentropies see the logits where y_pred came from a softmax (or sigmoid) in this trace.
Tensor logits_of(const Tensor& y_pred, bool of_sigmoid) {
  const TensorImpl& impl = *y_pred.impl();
  return impl.logits && impl.logits_of_sigmoid == of_sigmoid ? Tensor(impl.logits) : Tensor();
}


void check_targets(const Tensor& target, const Tensor& output, const char* name) {
  if (target.shape() != output.shape())
    throw ValueError(std::string("Arguments `target` and `output` must have the same shape. Received: target.shape=") +
                     target.shape().to_string() + ", output.shape=" + output.shape().to_string() + " in " + name);
}

}  // namespace

Tensor matmul(const Tensor& x1, const Tensor& x2) {
  return apply("Matmul", {x1, x2}, Config::object(), [](const Xs& x) { return matmul_body(x[0], x[1]); });
}

Tensor dot(const Tensor& x1, const Tensor& x2) {
  return apply("Dot", {x1, x2}, Config::object(), [](const Xs& x) {
    if (x[0].rank() == 0 || x[1].rank() == 0) return multiply(x[0], x[1]);
    DType dtype = result_type({x[0], x[1]});
    int64_t along = std::max<int64_t>(0, x[1].rank() - 2);
    return dot_general(to_dtype(x[0], dtype), to_dtype(x[1], dtype), {x[0].rank() - 1}, {along});
  });
}

Tensor tensordot(const Tensor& x1, const Tensor& x2, std::vector<int64_t> axes1, std::vector<int64_t> axes2) {
  return apply("Tensordot", {x1, x2}, Config::object({{"axes", Config::array({axes1, axes2})}}), [=](const Xs& x) {
    DType dtype = result_type({x[0], x[1]});
    std::vector<int64_t> first, second;
    for (int64_t axis : axes1) first.push_back(canonical_axis(axis, x[0].rank(), "tensordot"));
    for (int64_t axis : axes2) second.push_back(canonical_axis(axis, x[1].rank(), "tensordot"));
    return dot_general(to_dtype(x[0], dtype), to_dtype(x[1], dtype), first, second);
  });
}

Tensor softmax(const Tensor& x, int64_t axis) {
  return apply("Softmax", {x}, Config::object({{"axis", axis}}), [axis](const Xs& x) {
    Tensor logits = to_float(trace::Trace::current()->lift(x[0]));
    int64_t along = canonical_axis(axis, logits.rank(), "softmax");
    return trace::with_notes(trace::emit("softmax", {logits}, {{"axis", along}}), [&](TensorImpl& impl) {
      if (along == logits.rank() - 1) impl.logits = logits.impl();
    });
  });
}

Tensor log_softmax(const Tensor& x, int64_t axis) {
  return apply("LogSoftmax", {x}, Config::object({{"axis", axis}}), [axis](const Xs& x) {
    return trace::emit("log_softmax", {to_float(x[0])}, {{"axis", canonical_axis(axis, x[0].rank(), "log_softmax")}});
  });
}

Tensor softplus(const Tensor& x) {
  return apply("Softplus", {x}, Config::object(), [](const Xs& x) {
    // max(x, 0) + log1p(exp(-|x|)): no overflow on either side. Written with selects, so that the slope at 0 is 1/2.
    Tensor in = to_float(x[0]), positive = greater(in, 0);
    return add(where(positive, in, 0), log1p(exp(where(positive, negative(in), in))));
  });
}

Tensor silu(const Tensor& x) {
  return apply("Silu", {x}, Config::object(), [](const Xs& x) {
    Tensor in = to_float(x[0]);
    return multiply(in, sigmoid(in));
  });
}

Tensor sparse_softmax_cross_entropy(const Tensor& labels, const Tensor& logits) {
  return apply("SparseSoftmaxCrossEntropy", {labels, logits}, Config::object(), [](const Xs& x) {
    Tensor index = is_integer(x[0].dtype()) ? x[0] : to_dtype(x[0], DType::int32);
    return trace::emit("sparse_softmax_cross_entropy", {to_float(x[1]), index});
  });
}

Tensor softmax_cross_entropy(const Tensor& targets, const Tensor& logits) {
  return apply("SoftmaxCrossEntropy", {targets, logits}, Config::object(), [](const Xs& x) {
    Tensor in = to_float(x[1]);
    return trace::emit("softmax_cross_entropy", {in, to_dtype(x[0], in.dtype())});
  });
}

Tensor sparse_categorical_crossentropy(const Tensor& target, const Tensor& output, bool from_logits, int64_t axis) {
  Config arguments = Config::object({{"from_logits", from_logits}, {"axis", axis}});
  return apply("SparseCategoricalCrossentropy", {target, output}, arguments, [=](const Xs& x) {
    Tensor labels = x[0], scores = x[1];
    if (scores.rank() < 1)
      throw ValueError("Argument `output` must be at least rank 1. Received: output.shape=" +
                       scores.shape().to_string());
    if (labels.rank() == scores.rank() && labels.shape()[-1] == 1) labels = squeeze(labels, -1);
    int64_t along = canonical_axis(axis, scores.rank(), "sparse_categorical_crossentropy");
    Tensor logits = from_logits ? scores : logits_of(scores, false);
    Tensor in = logits ? logits : log(clip(scores, config::epsilon(), 1 - config::epsilon()));
    if (along != in.rank() - 1) in = moveaxis(in, along, -1);
    Shape rows(std::vector<int64_t>(in.shape().begin(), in.shape().end() - 1));
    if (labels.shape() != rows)
      throw ValueError(
          "Arguments `target` and `output` must have the same shape up until the last dimension. Received: "
          "target.shape=" +
          x[0].shape().to_string() + ", output.shape=" + x[1].shape().to_string());
    // Logarithms of clipped probabilities are logits of the probabilities, normalized again.
    return sparse_softmax_cross_entropy(labels, in);
  });
}

Tensor categorical_crossentropy(const Tensor& target, const Tensor& output, bool from_logits, int64_t axis) {
  Config arguments = Config::object({{"from_logits", from_logits}, {"axis", axis}});
  return apply("CategoricalCrossentropy", {target, output}, arguments, [=](const Xs& x) {
    check_targets(x[0], x[1], "categorical_crossentropy");
    int64_t along = canonical_axis(axis, x[1].rank(), "categorical_crossentropy");
    Tensor targets = to_dtype(x[0], to_float(x[1]).dtype());
    Tensor logits = from_logits ? x[1] : logits_of(x[1], false);
    if (logits) {
      if (along != logits.rank() - 1) return negative(sum(multiply(targets, log_softmax(logits, along)), along));
      return softmax_cross_entropy(targets, logits);
    }
    Tensor probabilities = divide(x[1], sum(x[1], along, true));
    return negative(sum(multiply(targets, log(clip(probabilities, config::epsilon(), 1 - config::epsilon()))), along));
  });
}

Tensor binary_crossentropy(const Tensor& target, const Tensor& output, bool from_logits) {
  return apply("BinaryCrossentropy", {target, output}, Config::object({{"from_logits", from_logits}}),
               [=](const Xs& x) {
                 check_targets(x[0], x[1], "binary_crossentropy");
                 Tensor scores = to_float(x[1]);
                 Tensor targets = to_dtype(x[0], scores.dtype());
                 Tensor logits = from_logits ? scores : logits_of(x[1], true);
                 if (logits) {
                   // log(1 + exp(z)) - z t
                   return subtract(softplus(logits), multiply(logits, targets));
                 }
                 Tensor p = clip(scores, config::epsilon(), 1 - config::epsilon());
                 return negative(add(multiply(targets, log(p)), multiply(subtract(1, targets), log(subtract(1, p)))));
               });
}

}  // namespace hornbeam::ops
