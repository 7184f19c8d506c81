// Fused ops: shape, vjp, decomposition and reference side by side.
#include "ir/horn.h"
#include "ir/ops/make.h"
#include "ir/ops/reference.h"

namespace hornbeam::horn {

using namespace mlir;
using Arrays = std::vector<Array>;
using In = llvm::ArrayRef<Array>;
using Grads = llvm::SmallVectorImpl<Value>;

namespace {

LogicalResult infer_along(MaybeLocation location, StringRef op, Value x, int64_t axis, Types& types) {
  if (failed(check_kind(location, op, x, Kind::floating)) || failed(check_axes(location, op, axis, rank(x), "axis")))
    return failure();
  types.push_back(x.getType());
  return success();
}

// Calls f(places) with the flat places of each group of elements that a reduction over `axes` joins, in the order of
// the reduced tensor's elements.
template <typename F>
void each_group(const Shape& x, Dims axes, F f) {
  std::vector<int64_t> kept, joined;
  auto kept_axes = other_axes(x.rank(), axes);
  for (int64_t axis : kept_axes) kept.push_back(x[axis]);
  for (int64_t axis : axes) joined.push_back(x[axis]);
  std::vector<int64_t> index(x.size());
  each_index(Shape(kept), [&](const auto& outer) {
    for (size_t i = 0; i < outer.size(); ++i) index[kept_axes[i]] = outer[i];
    std::vector<int64_t> places;
    each_index(Shape(joined), [&](const auto& inner) {
      for (size_t i = 0; i < inner.size(); ++i) index[axes[i]] = inner[i];
      places.push_back(flat(index, x));
    });
    f(places);
  });
}

double log_sum_exp(const Array& x, const std::vector<int64_t>& places) {
  double largest = -INFINITY, sum = 0;
  for (int64_t place : places) largest = std::fmax(largest, x.get(place));
  if (!std::isfinite(largest)) largest = 0;
  for (int64_t place : places) sum += std::exp(x.get(place) - largest);
  return std::log(sum) + largest;
}

// float16 and bfloat16: exponentials and their sums are computed in float32 and rounded once, at the end, as the
// reference does.
bool is_narrow(Value x) { return cast<FloatType>(element(x)).getWidth() < 32; }
Value widened(const Make& m, Value x) { return is_narrow(x) ? m.make<CastOp>(x, m.builder.getF32Type()) : x; }
Value rounded(const Make& m, Value wide, Value like) {
  return element(wide) == element(like) ? wide : m.make<CastOp>(wide, element(like));
}

// x minus its maximum along the axis, and log(sum(exp)) of that, without the axis.
struct Shifted {
  Value x, log_sum;
};
Shifted shift(const Make& m, Value x, Dims axes) {
  Value z = m.sub(x, m.unreduce(m.make<ReduceMaxOp>(x, axes), dims(x), axes));
  return {z, m.make<LogOp>(m.sum(m.make<ExpOp>(z), axes))};
}

// Labels in a dtype that can count all classes, whether each is one, and where each stands among the logits.
struct Labels {
  Value valid, at;
};
Labels look_up(const Make& m, Value labels, Dims logits) {
  auto type = cast<IntegerType>(element(labels));
  if (type.getWidth() < 32) {
    type = IntegerType::get(type.getContext(), 32);
    labels = m.make<CastOp>(labels, type);
  }
  int64_t last = static_cast<int64_t>(logits.size()) - 1;
  Value valid = m.make<LessOp>(labels, m.full(dims(labels), type, static_cast<double>(logits[last])));
  if (!type.isUnsigned()) {
    Value not_negative = m.make<GreaterEqualOp>(labels, m.zeros_like(labels));
    valid = m.make<LogicalAndOp>(not_negative, valid);
  }
  Value classes = m.make<IotaOp>(logits, last, type);
  return {valid, m.make<EqualOp>(classes, m.unreduce(labels, logits, last))};
}

}  // namespace

// ---- softmax
LogicalResult SoftmaxOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor a, Types& types) {
  return infer_along(location, "softmax", a.getX(), a.getAxis(), types);
}
void SoftmaxOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {  // y * (g - sum(g * y))
  Make m{b, getLoc()};
  int64_t axis = getAxis();
  Value y = widened(m, getResult()), dy = widened(m, g[0]);
  grads.push_back(rounded(m, m.mul(y, m.sub(dy, m.unreduce(m.sum(m.mul(dy, y), axis), dims(y), axis))), getX()));
}
void SoftmaxOp::decompose(OpBuilder& b, llvm::SmallVectorImpl<Value>& results) {
  Make m{b, getLoc()};
  int64_t axis = getAxis();
  Value x = widened(m, getX());
  Value e = m.make<ExpOp>(m.sub(x, m.unreduce(m.make<ReduceMaxOp>(x, axis), dims(x), axis)));
  results.push_back(rounded(m, m.div(e, m.unreduce(m.sum(e, axis), dims(x), axis)), getX()));
}
Arrays SoftmaxOp::evaluate(In in) {
  Array out(in[0].dtype(), in[0].shape());
  each_group(in[0].shape(), static_cast<int64_t>(getAxis()), [&](const auto& places) {
    double total = log_sum_exp(in[0], places);
    for (int64_t place : places) out.set(place, std::exp(in[0].get(place) - total));
  });
  return {out};
}

// ---- log_softmax
LogicalResult LogSoftmaxOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor a, Types& types) {
  return infer_along(location, "log_softmax", a.getX(), a.getAxis(), types);
}
void LogSoftmaxOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {  // g - softmax * sum(g)
  Make m{b, getLoc()};
  int64_t axis = getAxis();
  Value y = widened(m, getResult()), dy = widened(m, g[0]);
  Value slope = m.sub(dy, m.mul(m.make<ExpOp>(y), m.unreduce(m.sum(dy, axis), dims(y), axis)));
  grads.push_back(rounded(m, slope, getX()));
}
void LogSoftmaxOp::decompose(OpBuilder& b, llvm::SmallVectorImpl<Value>& results) {
  Make m{b, getLoc()};
  int64_t axis = getAxis();
  auto [x, log_sum] = shift(m, widened(m, getX()), axis);
  results.push_back(rounded(m, m.sub(x, m.unreduce(log_sum, dims(x), axis)), getX()));
}
Arrays LogSoftmaxOp::evaluate(In in) {
  Array out(in[0].dtype(), in[0].shape());
  each_group(in[0].shape(), static_cast<int64_t>(getAxis()), [&](const auto& places) {
    double total = log_sum_exp(in[0], places);
    for (int64_t place : places) out.set(place, in[0].get(place) - total);
  });
  return {out};
}

// ---- logsumexp
LogicalResult LogsumexpOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor a, Types& types) {
  return infer_reduce(location, "logsumexp", a.getX(), a.getAxes(), Kind::floating, types);
}
void LogsumexpOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {  // g * softmax
  Make m{b, getLoc()};
  Value x = widened(m, getX());
  Value p = m.make<ExpOp>(m.sub(x, m.unreduce(widened(m, getResult()), dims(x), getAxes())));
  grads.push_back(rounded(m, m.mul(p, m.unreduce(widened(m, g[0]), dims(x), getAxes())), getX()));
}
void LogsumexpOp::decompose(OpBuilder& b, llvm::SmallVectorImpl<Value>& results) {
  Make m{b, getLoc()};
  Value x = widened(m, getX()), largest = m.make<ReduceMaxOp>(x, getAxes());
  Value finite = m.select(m.make<IsFiniteOp>(largest), largest, m.zeros_like(largest));  // inf - inf is no use
  Value e = m.make<ExpOp>(m.sub(x, m.unreduce(finite, dims(x), getAxes())));
  results.push_back(rounded(m, m.add(m.make<LogOp>(m.sum(e, getAxes())), finite), getX()));
}
Arrays LogsumexpOp::evaluate(In in) {
  Array out(in[0].dtype(), ir::shape_of(getResult().getType()));
  int64_t i = 0;
  each_group(in[0].shape(), getAxes(), [&](const auto& places) { out.set(i++, log_sum_exp(in[0], places)); });
  return {out};
}

// ---- sparse_softmax_cross_entropy
LogicalResult SparseSoftmaxCrossEntropyOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor a,
                                                            Types& types) {
  StringRef op = "sparse_softmax_cross_entropy";
  Value logits = a.getLogits(), labels = a.getLabels();
  if (failed(check_kind(location, op, logits, Kind::floating)) ||
      failed(check_kind(location, op, labels, Kind::integer)))
    return failure();
  if (rank(logits) < 1 || !fits(dims(logits).drop_back(), dims(labels)))
    return shape_error(location, op,
                       "labels must have the shape of logits without its last axis. Received: logits.shape=" +
                           text(logits) + ", labels.shape=" + text(labels));
  llvm::SmallVector<int64_t> out;
  for (auto [x, y] : llvm::zip_equal(dims(logits).drop_back(), dims(labels))) out.push_back(known_of(x, y));
  types.push_back(RankedTensorType::get(out, element(logits)));
  return success();
}
void SparseSoftmaxCrossEntropyOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {  // g * (softmax - one_hot)
  Make m{b, getLoc()};
  Value logits = widened(m, getLogits()), dy = widened(m, g[0]);
  int64_t last = rank(logits) - 1;
  Labels labels = look_up(m, getLabels(), dims(logits));
  Value p = m.make<SoftmaxOp>(logits, last);
  Value slope = m.select(labels.at, m.sub(p, m.full_like(p, 1)), p);
  Value cotangent = m.select(labels.valid, dy, m.full_like(dy, NAN));
  grads.append({rounded(m, m.mul(slope, m.unreduce(cotangent, dims(logits), last)), getLogits()), Value()});
}
void SparseSoftmaxCrossEntropyOp::decompose(OpBuilder& b, llvm::SmallVectorImpl<Value>& results) {
  Make m{b, getLoc()};
  int64_t last = rank(getLogits()) - 1;
  auto [z, log_sum] = shift(m, widened(m, getLogits()), last);
  Labels labels = look_up(m, getLabels(), dims(z));
  Value picked = m.sum(m.select(labels.at, z, m.zeros_like(z)), last);
  Value loss = m.select(labels.valid, m.sub(log_sum, picked), m.full_like(log_sum, NAN));
  results.push_back(rounded(m, loss, getLogits()));
}
Arrays SparseSoftmaxCrossEntropyOp::evaluate(In in) {
  Array out(in[0].dtype(), in[1].shape());
  int64_t i = 0;
  each_group(in[0].shape(), in[0].shape().rank() - 1, [&](const auto& places) {
    int64_t label = in[1].get_int(i);
    bool valid = label >= 0 && label < static_cast<int64_t>(places.size());
    out.set(i++, valid ? log_sum_exp(in[0], places) - in[0].get(places[label]) : NAN);
  });
  return {out};
}

// ---- softmax_cross_entropy
LogicalResult SoftmaxCrossEntropyOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor a,
                                                      Types& types) {
  StringRef op = "softmax_cross_entropy";
  if (rank(a.getLogits()) < 1)
    return shape_error(location, op,
                       "logits must have an axis of classes. Received: logits.shape=" + text(a.getLogits()));
  if (failed(infer_elementwise(location, op, ValueRange{a.getLogits(), a.getTargets()}, Kind::floating, Returns::same,
                               types)))
    return failure();
  types.back() = RankedTensorType::get(tensor(types.back()).getShape().drop_back(), element(a.getLogits()));
  return success();
}
void SoftmaxCrossEntropyOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  Value x = widened(m, getLogits()), t = widened(m, getTargets());
  int64_t last = rank(x) - 1;
  Value cotangent = m.unreduce(widened(m, g[0]), dims(x), last);
  // Targets need not sum to 1.
  Value slope = m.sub(m.mul(m.make<SoftmaxOp>(x, last), m.unreduce(m.sum(t, last), dims(x), last)), t);
  Value by_targets = m.neg(m.make<LogSoftmaxOp>(x, last));
  grads.append({rounded(m, m.mul(slope, cotangent), getLogits()),
                rounded(m, m.mul(by_targets, cotangent), getTargets())});
}
void SoftmaxCrossEntropyOp::decompose(OpBuilder& b, llvm::SmallVectorImpl<Value>& results) {
  Make m{b, getLoc()};
  int64_t last = rank(getLogits()) - 1;
  auto [z, log_sum] = shift(m, widened(m, getLogits()), last);
  Value losses = m.mul(widened(m, getTargets()), m.sub(m.unreduce(log_sum, dims(z), last), z));
  results.push_back(rounded(m, m.sum(losses, last), getLogits()));
}
Arrays SoftmaxCrossEntropyOp::evaluate(In in) {
  Array out(in[0].dtype(), ir::shape_of(getResult().getType()));
  int64_t i = 0;
  each_group(in[0].shape(), in[0].shape().rank() - 1, [&](const auto& places) {
    double total = log_sum_exp(in[0], places), sum = 0;
    for (int64_t place : places) sum += in[1].get(place) * (total - in[0].get(place));
    out.set(i++, sum);
  });
  return {out};
}

}  // namespace hornbeam::horn
