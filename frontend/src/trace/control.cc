// Loops and branches in a trace.
#include <algorithm>

#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/reduce.h>

#include "frontend/src/trace/trace.h"

namespace hornbeam::trace {
namespace {

Shape without_first(const Shape& shape) { return Shape(std::vector<int64_t>(shape.begin() + 1, shape.end())); }

Shape with_first(int64_t length, const Shape& shape) {
  std::vector<int64_t> dims{length};
  dims.insert(dims.end(), shape.begin(), shape.end());
  return Shape(std::move(dims));
}

void append(std::vector<Tensor>& to, const std::vector<Tensor>& from) { to.insert(to.end(), from.begin(), from.end()); }

// Carried values keep their types: the loop has one place for each.
void check_carried(const std::vector<Tensor>& before, const std::vector<Tensor>& after, const char* what) {
  if (after.size() < before.size())
    throw ValueError(std::string(what) + ": the body must return " + std::to_string(before.size()) +
                     " carried values. Received: " + std::to_string(after.size()));
  for (size_t i = 0; i < before.size(); ++i)
    if (before[i].dtype() != after[i].dtype() || before[i].shape() != after[i].shape())
      throw ValueError(std::string(what) + ": carried value " + std::to_string(i) + " came in with shape " +
                       before[i].shape().to_string() + " and dtype " + std::string(name_of(before[i].dtype())) +
                       ", and must keep them. Received: shape " + after[i].shape().to_string() + " and dtype " +
                       std::string(name_of(after[i].dtype())));
}

std::vector<ir::Type> types_of(const std::vector<Tensor>& tensors) {
  std::vector<ir::Type> types;
  for (const Tensor& tensor : tensors) types.push_back({tensor.dtype(), tensor.shape()});
  return types;
}

}  // namespace

std::vector<ir::Value> Trace::open_body(const std::vector<ir::Type>& arguments) {
  made_inside_.emplace_back();
  return builder_->begin_body(arguments);
}

void Trace::close_body(const std::vector<ir::Value>& yields) {
  made_inside_.pop_back();
  builder_->end_body(yields);
}

std::vector<Variable> Trace::assigned_by(const std::vector<Tensor>& like, const Body& body) const {
  Trace probe(nullptr);
  probe.autocast = autocast;
  Trace::Scope scope(probe);
  std::vector<Tensor> placeholders;
  for (const Tensor& tensor : like) placeholders.push_back(placeholder(tensor.dtype(), tensor.shape()));
  body(placeholders);
  std::vector<Variable> variables;
  for (const auto& [impl, variable] : probe.assigned_) variables.push_back(variable);
  std::sort(variables.begin(), variables.end(),
            [](const Variable& a, const Variable& b) { return a.path() < b.path(); });
  return variables;
}

std::vector<Tensor> Trace::take_losses(size_t before) {
  std::vector<Tensor> taken(losses.begin() + static_cast<int64_t>(before), losses.end());
  losses.resize(before);
  return taken;
}

std::vector<Tensor> Trace::scan(const std::vector<Tensor>& init, const std::vector<Tensor>& xs, int64_t length,
                                bool reverse, const Body& body) {
  std::vector<Tensor> carried, slices;
  for (const Tensor& tensor : init) carried.push_back(lift(tensor));
  std::vector<Tensor> scanned;
  for (const Tensor& tensor : xs) {
    scanned.push_back(lift(tensor));
    slices.push_back(placeholder(tensor.dtype(), without_first(tensor.shape())));
  }
  std::vector<Tensor> like = carried;
  append(like, slices);
  if (!builder_) {
    std::vector<Tensor> results = body(like);
    for (Tensor& result : results) result = lift(result);
    check_carried(carried, results, "scan");
    for (size_t i = carried.size(); i < results.size(); ++i)
      results[i] = placeholder(results[i].dtype(), with_first(length, results[i].shape()));
    return results;
  }

  std::vector<Variable> variables = assigned_by(like, body);
  const size_t given = carried.size();
  for (const Variable& variable : variables) carried.push_back(read(variable));
  std::vector<ir::Value> initial, stacked;
  for (const Tensor& tensor : carried) initial.push_back(value(tensor));
  for (const Tensor& tensor : scanned) stacked.push_back(value(tensor));
  like = carried;
  append(like, slices);

  auto outside = values_;
  const size_t losses_before = losses.size();
  std::vector<Tensor> inside;
  for (ir::Value argument : open_body(types_of(like))) inside.push_back(wrap(argument));
  for (size_t i = 0; i < variables.size(); ++i) values_[variables[i].impl()] = inside[given + i];
  std::vector<Tensor> arguments(inside.begin(), inside.begin() + static_cast<int64_t>(given));
  arguments.insert(arguments.end(), inside.begin() + static_cast<int64_t>(carried.size()), inside.end());
  std::vector<Tensor> results = body(arguments);
  for (Tensor& result : results) result = lift(result);
  check_carried({carried.begin(), carried.begin() + static_cast<int64_t>(given)}, results, "scan");
  std::vector<Tensor> changed, added = take_losses(losses_before);
  for (const Variable& variable : variables) changed.push_back(read(variable));
  results.insert(results.begin() + static_cast<int64_t>(given), changed.begin(), changed.end());
  append(results, added);
  std::vector<ir::Value> yields;
  for (const Tensor& result : results) yields.push_back(value(result));
  close_body(yields);
  values_ = std::move(outside);

  std::vector<Tensor> out;
  for (ir::Value result : unwrap(builder_->scan(initial, stacked, length, reverse))) out.push_back(wrap(result));
  for (size_t i = 0; i < added.size(); ++i) losses.push_back(ops::sum(out[out.size() - added.size() + i], 0));
  out.resize(out.size() - added.size());
  for (size_t i = 0; i < variables.size(); ++i) assign(variables[i], out[given + i]);
  out.erase(out.begin() + static_cast<int64_t>(given), out.begin() + static_cast<int64_t>(carried.size()));
  return out;
}

std::vector<Tensor> Trace::cond(const Tensor& pred, const std::function<std::vector<Tensor>()>& then_body,
                                const std::function<std::vector<Tensor>()>& else_body) {
  Tensor chosen = lift(pred);
  if (chosen.rank() != 0)
    throw ValueError("cond: the predicate must be a scalar. Received: shape " + chosen.shape().to_string());
  if (chosen.dtype() != DType::boolean) chosen = ops::not_equal(chosen, 0);
  auto check = [](const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
    if (types_of(a) != types_of(b))
      throw ValueError("cond: both branches must return the same number of tensors, of the same shapes and dtypes.");
  };
  if (!builder_) {
    std::vector<Tensor> then_results = then_body(), else_results = else_body();
    for (auto* results : {&then_results, &else_results})
      for (Tensor& result : *results) result = lift(result);
    check(then_results, else_results);
    return then_results;
  }
  std::vector<Variable> variables = assigned_by({}, [&](const std::vector<Tensor>&) {
    then_body();
    return else_body();
  });
  ir::Value predicate = value(chosen);
  const size_t losses_before = losses.size();
  auto outside = values_;
  std::vector<std::vector<Tensor>> of_branch;
  for (const auto* body : {&then_body, &else_body}) {
    open_body({});
    std::vector<Tensor> results = (*body)();
    for (Tensor& result : results) result = lift(result);
    if (losses.size() != losses_before)
      throw NotImplementedError(
          "cond: a branch that adds a loss (add_loss) is not supported. Return the loss instead.");
    for (const Variable& variable : variables) results.push_back(read(variable));
    std::vector<ir::Value> yields;
    for (const Tensor& result : results) yields.push_back(value(result));
    close_body(yields);
    values_ = outside;
    of_branch.push_back(std::move(results));
  }
  check(of_branch[0], of_branch[1]);
  std::vector<Tensor> out;
  for (ir::Value result : unwrap(builder_->cond(predicate))) out.push_back(wrap(result));
  size_t given = out.size() - variables.size();
  for (size_t i = 0; i < variables.size(); ++i) assign(variables[i], out[given + i]);
  out.resize(given);
  return out;
}

std::vector<Tensor> Trace::while_loop(const std::vector<Tensor>& init,
                                      const std::function<Tensor(const std::vector<Tensor>&)>& condition,
                                      const Body& body) {
  std::vector<Tensor> carried;
  for (const Tensor& tensor : init) carried.push_back(lift(tensor));
  auto answer = [&](const std::vector<Tensor>& values) {
    Tensor result = lift(condition(values));
    if (result.rank() != 0)
      throw ValueError("while_loop: the condition must be a scalar. Received: shape " + result.shape().to_string());
    return result.dtype() == DType::boolean ? result : ops::not_equal(result, 0);
  };
  if (!builder_) {
    answer(carried);
    std::vector<Tensor> results = body(carried);
    for (Tensor& result : results) result = lift(result);
    check_carried(carried, results, "while_loop");
    return results;
  }
  const size_t given = carried.size();
  std::vector<Variable> variables = assigned_by(carried, body);
  for (const Variable& variable : variables) carried.push_back(read(variable));
  std::vector<ir::Value> initial;
  for (const Tensor& tensor : carried) initial.push_back(value(tensor));
  auto outside = values_;
  const size_t losses_before = losses.size();
  auto begin = [&] {
    std::vector<Tensor> inside;
    for (ir::Value argument : open_body(types_of(carried))) inside.push_back(wrap(argument));
    for (size_t i = 0; i < variables.size(); ++i) values_[variables[i].impl()] = inside[given + i];
    inside.resize(given);
    return inside;
  };
  std::vector<ir::Value> yields{value(answer(begin()))};
  close_body(yields);
  values_ = outside;
  std::vector<Tensor> results = body(begin());
  for (Tensor& result : results) result = lift(result);
  check_carried({carried.begin(), carried.begin() + static_cast<int64_t>(given)}, results, "while_loop");
  if (losses.size() != losses_before)
    throw NotImplementedError(
        "while_loop: a body that adds a loss (add_loss) is not supported. Carry the loss instead.");
  for (const Variable& variable : variables) results.push_back(read(variable));
  yields.clear();
  for (const Tensor& result : results) yields.push_back(value(result));
  close_body(yields);
  values_ = std::move(outside);
  std::vector<Tensor> out;
  for (ir::Value result : unwrap(builder_->while_loop(initial))) out.push_back(wrap(result));
  for (size_t i = 0; i < variables.size(); ++i) assign(variables[i], out[given + i]);
  out.resize(given);
  return out;
}

}  // namespace hornbeam::trace
