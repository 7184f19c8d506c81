// Rematerialization and gradients of one's own, in a trace.
#include <algorithm>

#include "frontend/src/trace/notes.h"

namespace hornbeam::trace {
std::vector<Tensor> Trace::remat(const std::function<std::vector<Tensor>()>& body) {
  if (!builder_) return body();
  auto outside = values_;
  const size_t losses_before = losses.size();
  open_body({});
  std::vector<Tensor> results = body();
  for (Tensor& result : results) result = lift(result);
  std::vector<Tensor> added = take_losses(losses_before);
  std::vector<VariableImpl*> changed;
  for (const auto& [variable, tensor] : values_) {
    auto old = outside.find(variable);
    if (old == outside.end() || !same(old->second, tensor)) changed.push_back(variable);
  }
  std::sort(changed.begin(), changed.end(),
            [&](VariableImpl* a, VariableImpl* b) { return assigned_.at(a).path() < assigned_.at(b).path(); });

  std::vector<ir::Value> yields;
  auto give = [&](const Tensor& tensor) { yields.push_back(value(tensor)); };
  for (const Tensor& result : results) give(result);
  for (const Tensor& result : results) {
    if (result.impl()->mask) give(Tensor(result.impl()->mask));
    if (result.impl()->logits) give(Tensor(result.impl()->logits));
  }
  for (VariableImpl* variable : changed) give(values_.at(variable));
  for (const Tensor& loss : added) give(loss);
  close_body(yields);
  values_ = std::move(outside);

  std::vector<Tensor> out;
  for (ir::Value result : unwrap(builder_->remat())) out.push_back(wrap(result));
  auto next = out.begin() + static_cast<std::ptrdiff_t>(results.size());
  for (size_t i = 0; i < results.size(); ++i) {
    Tensor mask = results[i].impl()->mask ? *next++ : Tensor();
    Tensor logits = results[i].impl()->logits ? *next++ : Tensor();
    if (!mask && !logits) continue;
    out[i] = with_notes(out[i], [&](TensorImpl& impl) {
      impl.mask = mask.impl();
      impl.logits = logits.impl();
      impl.logits_of_sigmoid = results[i].impl()->logits_of_sigmoid;
    });
  }
  for (VariableImpl* variable : changed) values_[variable] = *next++;
  losses.insert(losses.end(), next, out.end());
  out.resize(results.size());
  return out;
}

std::vector<Tensor> Trace::custom_gradient(
    const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs,
    const std::function<std::vector<Tensor>(const std::vector<Tensor>&)>& backward) {
  std::vector<Tensor> values;
  for (const Tensor& output : outputs) values.push_back(lift(output));
  std::vector<Tensor> cotangents;
  std::vector<ir::Type> types;
  for (const Tensor& value : values) types.push_back({value.dtype(), value.shape()});
  if (builder_)
    for (ir::Value argument : open_body(types)) cotangents.push_back(wrap(argument));
  else
    for (const ir::Type& type : types) cotangents.push_back(placeholder(type.dtype, type.shape));

  std::vector<Tensor> grads = backward(cotangents);
  if (grads.size() != inputs.size())
    throw ValueError("custom_gradient: the gradient function must return one gradient for each of the " +
                     std::to_string(inputs.size()) + " arguments. Received: " + std::to_string(grads.size()));
  // Integers have none.
  std::vector<ir::Value> yields, wrt;
  for (size_t i = 0; i < grads.size(); ++i) {
    const Tensor& input = inputs[i];
    if (!is_float(input.dtype())) continue;
    Tensor grad = grads[i] ? lift(grads[i]) : Tensor();
    if (grad && grad.shape() != input.shape())
      throw ValueError("custom_gradient: the gradient of argument " + std::to_string(i + 1) + " must have its shape " +
                       input.shape().to_string() + ". Received: " + grad.shape().to_string());
    if (!grad) continue;
    if (grad.dtype() != input.dtype()) grad = emit("cast", {grad}, {{"dtype", input.dtype()}}).at(0);
    if (!builder_) continue;
    yields.push_back(value(grad));
    wrt.push_back(value(input));
  }
  if (!builder_) return values;
  close_body(yields);
  std::vector<ir::Value> from;
  for (const Tensor& tensor : values) from.push_back(value(tensor));
  std::vector<Tensor> results;
  for (ir::Value result : unwrap(builder_->custom_gradient(from, wrt))) results.push_back(wrap(result));
  return results;
}

}  // namespace hornbeam::trace
