#include "frontend/src/layers/attending.h"

#include <algorithm>

#include <hornbeam/ops.h>
#include <hornbeam/ops/einsum.h>

#include "frontend/src/mask.h"

namespace hornbeam::layers {
namespace {

Tensor row(int64_t n) { return ops::reshape(ops::arange(0, n), {1, n, 1}); }
Tensor column(int64_t n) { return ops::reshape(ops::arange(0, n), {1, 1, n}); }

}  // namespace

Tensor causal_mask(int64_t t, int64_t s) { return ops::greater_equal(row(t), column(s)); }

Tensor window_mask(int64_t t, int64_t s, int64_t window) { return ops::less(ops::abs(row(t) - column(s)), window); }

Tensor both(const Tensor& a, const Tensor& b) {
  if (!a || !b) return a ? a : b;
  return ops::logical_and(ops::cast(a, DType::boolean), ops::cast(b, DType::boolean));
}

Tensor step_mask(const Tensor& tensor, const CallArgs& args, const std::string& name) {
  auto given = args.tensors.find(name);
  return given != args.tensors.end() ? given->second.single() : mask_of(tensor);
}

Tensor attention_mask(const Tensors& inputs, const Tensor& query_mask, const CallArgs& args,
                      const std::optional<int64_t>& window) {
  auto expanded = [](const Tensor& mask, int64_t axis) { return mask ? ops::expand_dims(mask, axis) : Tensor(); };
  Tensor mask = both(expanded(query_mask, -1), expanded(step_mask(inputs[1], args, "value_mask"), -2));
  // A key that is the value has the value's mask.
  mask = both(mask, expanded(step_mask(inputs.size() > 2 ? inputs[2] : Tensor(), args, "key_mask"), -2));
  int64_t t = inputs[0].shape()[1], s = inputs[1].shape()[1];
  if (flag(args, "use_causal_mask")) mask = both(mask, causal_mask(t, s));
  if (window) mask = both(mask, window_mask(t, s, *window));
  auto given = args.tensors.find("attention_mask");
  mask = both(mask, given != args.tensors.end() ? given->second.single() : Tensor());
  return mask ? ops::cast(mask, DType::boolean) : mask;
}

bool flag(const CallArgs& args, const char* name) {
  const Config* value = args.options.find(name);
  return value && value->is_bool() && value->as_bool();
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

Attended attend(const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& mask,
                const std::vector<int64_t>& axes, double scale, const std::function<Tensor(const Tensor&)>& drop) {
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
  Tensor scores = ops::einsum(source + "," + target + "->" + products, {key, query * scale});
  if (mask) {
    Tensor wide = mask;
    const auto before = -2 * static_cast<int64_t>(axes.size()) - 1;
    while (wide.rank() < scores.rank()) wide = ops::expand_dims(wide, before);
    // Small enough for exp to give 0, and finite in the dtype. A step that may see nothing sees all alike.
    scores = ops::where(wide, scores, scores.dtype() == DType::float16 ? -3e4 : -1e9);
  }
  if (axes.size() == 1) {
    scores = ops::softmax(scores, -1);
  } else {
    std::vector<int64_t> steps;
    for (size_t i = 0; i < axes.size(); ++i) steps.push_back(-1 - static_cast<int64_t>(i));
    scores = ops::exp(scores - ops::logsumexp(scores, steps, true));
  }
  Tensor output = ops::einsum(products + "," + source + "->" + target, {drop ? drop(scores) : scores, value});
  return {output, scores};
}

}  // namespace hornbeam::layers
