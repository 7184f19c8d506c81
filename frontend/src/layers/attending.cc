#include "frontend/src/layers/attending.h"

#include <algorithm>

#include <hornbeam/ops.h>
#include <hornbeam/ops/einsum.h>

#include "frontend/src/mask.h"
#include "frontend/src/ops/blocked_attention.h"

namespace hornbeam::layers {
namespace {

Tensor row(int64_t n) { return ops::reshape(ops::arange(0, n), {1, n, 1}); }
Tensor column(int64_t n) { return ops::reshape(ops::arange(0, n), {1, 1, n}); }

}  // namespace

Tensor causal_mask(int64_t t, int64_t s) { return ops::greater_equal(row(t), column(s)); }

Tensor window_mask(int64_t t, int64_t s, int64_t window) { return ops::less(ops::abs(row(t) - column(s)), window); }

Tensor steps_behind(const Tensor& first, const Shape& block) {
  return first + ops::reshape(ops::arange(0, block[0]), {block[0], 1}) -
         ops::reshape(ops::arange(0, block[1]), {1, block[1]});
}

Tensor both(const Tensor& a, const Tensor& b) {
  if (!a || !b) return a ? a : b;
  return ops::logical_and(ops::cast(a, DType::boolean), ops::cast(b, DType::boolean));
}

Tensor step_mask(const Tensor& tensor, const CallArgs& args, const std::string& name) {
  auto given = args.tensors.find(name);
  return given != args.tensors.end() ? given->second.single() : mask_of(tensor);
}

AttentionMask attention_mask(const Tensors& inputs, const Tensor& query_mask, const CallArgs& args,
                             const std::optional<int64_t>& window) {
  AttentionMask mask{.queries = query_mask, .keys = step_mask(inputs[1], args, "value_mask")};
  // A key that is the value has the value's mask.
  mask.keys = both(mask.keys, step_mask(inputs.size() > 2 ? inputs[2] : Tensor(), args, "key_mask"));
  mask.causal = flag(args, "use_causal_mask");
  mask.window = window;
  auto given = args.tensors.find("attention_mask");
  if (given != args.tensors.end()) mask.given = given->second.single();
  return mask;
}

Tensor AttentionMask::whole(int64_t t, int64_t s) const {
  Tensor mask = queries ? ops::expand_dims(queries, -1) : Tensor();
  mask = both(mask, keys ? ops::expand_dims(keys, -2) : Tensor());
  if (causal) mask = both(mask, causal_mask(t, s));
  if (window) mask = both(mask, window_mask(t, s, *window));
  mask = both(mask, given);
  return mask ? ops::cast(mask, DType::boolean) : mask;
}

bool flag(const CallArgs& args, const char* name) {
  const Config* value = args.options.find(name);
  return value && value->is_bool() && value->as_bool();
}

void check_flash_attention(const char* layer, const std::optional<bool>& flash_attention, double dropout) {
  if (flash_attention.value_or(false) && dropout > 0)
    throw ValueError("[" + std::string(layer) +
                     "] Dropout is not supported when flash attention is enabled. Please set dropout to 0.0 to use "
                     "flash attention. Received: dropout=" +
                     std::to_string(dropout));
}

void check_scores_are_there(const char* layer, const std::optional<bool>& flash_attention) {
  if (flash_attention.value_or(false))
    throw ValueError("[" + std::string(layer) +
                     "] Returning attention scores is not supported when flash attention is enabled. Please disable "
                     "flash attention to access attention scores.");
}

void check_attention_inputs(const Layer& layer, const Shapes& inputs) {
  if (inputs.is_single() || inputs.size() < 2 || inputs.size() > 3)
    throw ValueError(layer.class_name() +
                     " layer must be called on two or three tensors, namely {query, value} or {query, value, key}. " +
                     "Received: " + std::to_string(inputs.size()) + ", for layer '" + layer.name() + "'");
  for (const Shape& input : inputs)
    if (input.rank() < 3)
      throw ValueError(layer.class_name() + " layer expects tensors of rank 3 or more: [batch, steps, features]. " +
                       "Received: a tensor of shape " + input.to_string() + ", for layer '" + layer.name() + "'");
  const Shape& value = inputs[1];
  const Shape& key = inputs.size() > 2 ? inputs[2] : value;
  bool match = value.rank() == key.rank();
  for (int64_t axis = 1; match && axis + 1 < value.rank(); ++axis)
    match = value[axis] < 0 || key[axis] < 0 || value[axis] == key[axis];
  if (!match)
    throw ValueError("All dimensions of `value` and `key`, except the last one, must be equal. Received: value_shape=" +
                     value.to_string() + ", key_shape=" + key.to_string() + ", for layer '" + layer.name() + "'");
}

namespace {

// Small enough for exp to give 0, and finite in the dtype. A step that may see nothing sees all alike.
Tensor masked(const Tensor& scores, const Tensor& mask) {
  return ops::where(mask, scores, scores.dtype() == DType::float16 ? -3e4 : -1e9);
}

// One axis of steps and one of heads: [batch, t, heads, features]. The mask of a block of rows is made there.
Tensor attend_in_blocks(const Tensor& query, const Tensor& key, const Tensor& value, const Attending& how) {
  auto heads_first = [](const Tensor& x) { return ops::transpose(x, {0, 2, 1, 3}); };
  const AttentionMask& mask = how.mask;
  auto with_axes = [](Tensor x, std::vector<int64_t> axes) { return x ? ops::expand_dims(x, std::move(axes)) : x; };
  Tensor given = mask.given && mask.given.rank() == 3 ? ops::expand_dims(mask.given, 1) : mask.given;
  Tensor output = ops::blocked_attention(heads_first(query * how.scale), heads_first(key), heads_first(value),
                                         {with_axes(mask.queries, {1, 3}), with_axes(mask.keys, {1, 2}), given},
                                         [&](const Tensor& rows, const Tensor& keys, const ops::ScoreRows& at) {
                                           Tensor scores = ops::matmul(rows, ops::transpose(keys));
                                           Tensor seen = both(both(at.parts[0], at.parts[1]), at.parts[2]);
                                           Tensor apart = steps_behind(at.first, scores.shape());
                                           if (mask.causal) seen = both(seen, ops::greater_equal(apart, 0));
                                           if (mask.window) seen = both(seen, ops::less(ops::abs(apart), *mask.window));
                                           if (seen) scores = masked(scores, ops::cast(seen, DType::boolean));
                                           scores = ops::softmax(scores, -1);
                                           return how.drop ? how.drop(scores) : scores;
                                         });
  return heads_first(output);
}

}  // namespace

Attended attend(const Tensor& query, const Tensor& key, const Tensor& value, const Attending& how) {
  const std::vector<int64_t>& axes = how.axes;
  const int64_t t = query.shape()[1], s = key.shape()[1];
  if (query.rank() == 4 && axes == std::vector<int64_t>{1} && !how.with_scores &&
      ops::attends_in_blocks(t, s, how.in_blocks))
    return {attend_in_blocks(query, key, value, how), Tensor()};
  // einsum's letters: the source has letters of its own along the attention axes, the values for the last axis, too.
  std::string target, source, batch, target_steps, source_steps;
  for (int64_t axis = 0; axis < query.rank(); ++axis) {
    const char letter = static_cast<char>('a' + axis), other = static_cast<char>('A' + axis);
    bool attended = std::find(axes.begin(), axes.end(), axis) != axes.end();
    target += letter;
    source += attended ? other : letter;
    if (axis + 1 == query.rank()) continue;
    if (!attended) batch += letter;
  }
  for (int64_t axis : axes) {
    target_steps += static_cast<char>('a' + axis);
    source_steps += static_cast<char>('A' + axis);
  }
  const std::string products = batch + target_steps + source_steps;
  Tensor scores = ops::einsum(source + "," + target + "->" + products, {key, query * how.scale});
  if (Tensor wide = how.mask.whole(t, s)) {
    const auto before = -2 * static_cast<int64_t>(axes.size()) - 1;
    while (wide.rank() < scores.rank()) wide = ops::expand_dims(wide, before);
    scores = masked(scores, wide);
  }
  if (axes.size() == 1) {
    scores = ops::softmax(scores, -1);
  } else {
    std::vector<int64_t> steps;
    for (size_t i = 0; i < axes.size(); ++i) steps.push_back(-1 - static_cast<int64_t>(i));
    scores = ops::exp(scores - ops::logsumexp(scores, steps, true));
  }
  Tensor output = ops::einsum(products + "," + source + "->" + target, {how.drop ? how.drop(scores) : scores, value});
  return {output, scores};
}

}  // namespace hornbeam::layers
