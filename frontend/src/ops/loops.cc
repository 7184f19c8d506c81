#include <hornbeam/ops/loops.h>

#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/shape.h>

#include "frontend/src/graph.h"
#include "frontend/src/ops/apply.h"

namespace hornbeam::ops {
namespace {

// The structures of what a body returns, known once it has run.
struct Structures {
  Tensors first, second;
};

std::vector<Tensor> part(const std::vector<Tensor>& all, size_t first, size_t count) {
  return {all.begin() + static_cast<int64_t>(first), all.begin() + static_cast<int64_t>(first + count)};
}

Tensors with(const Tensors& structure, std::vector<Tensor> values) {
  return Tensors::with_structure(structure, std::move(values));
}

}  // namespace

std::pair<Tensors, Tensors> scan(const std::function<std::pair<Tensors, Tensors>(const Tensors&, const Tensors&)>& f,
                                 const Tensors& init, const Tensors& xs, std::optional<int64_t> length, bool reverse,
                                 int64_t unroll) {
  if (unroll < 1)
    throw ValueError("[scan] `unroll` must be a positive integer or boolean. Received: unroll=" +
                     std::to_string(unroll));
  if (!length && xs.empty()) throw ValueError("[scan] Got no `xs` to scan over and `length` not provided.");
  for (const Tensor& x : xs) {
    if (x.rank() == 0) throw ValueError("[scan] `xs` must have an axis to scan along. Received: a scalar");
    int64_t size = x.shape()[0];
    if (!length && size >= 0) length = size;
    if (length && size >= 0 && size != *length)
      throw ValueError("[scan] `xs` tensors must all have the length " + std::to_string(*length) +
                       " along axis 0. Received: shape " + x.shape().to_string());
  }
  std::vector<Tensor> inputs = init.flat(), scanned = xs.flat();
  const size_t carried = inputs.size();
  inputs.insert(inputs.end(), scanned.begin(), scanned.end());
  auto structures = std::make_shared<Structures>();
  Body body = [=](const std::vector<Tensor>& all) {
    std::vector<Tensor> slices = part(all, carried, all.size() - carried);
    int64_t steps = length ? *length : slices.at(0).shape()[0];
    if (steps < 1)
      throw ValueError("[scan] There must be at least one step. Received: length=" + std::to_string(steps));
    return trace::Trace::current()->scan(
        part(all, 0, carried), slices, steps, reverse, [&](const std::vector<Tensor>& arguments) {
          auto [carry, output] = f(with(init, part(arguments, 0, carried)),
                                   with(xs, part(arguments, carried, arguments.size() - carried)));
          *structures = {carry, output};
          std::vector<Tensor> results = carry.flat(), outputs = output.flat();
          if (results.size() != carried)
            throw ValueError("[scan] The function must return a carry of the same structure as `init`.");
          results.insert(results.end(), outputs.begin(), outputs.end());
          return results;
        });
  };
  std::vector<Tensor> results = apply_many("Scan", inputs, Config::object({{"reverse", reverse}}), body);
  return {with(init, part(results, 0, carried)),
          with(structures->second, part(results, carried, results.size() - carried))};
}

Tensors map(const std::function<Tensors(const Tensors&)>& f, const Tensors& xs) {
  return scan([f](const Tensors& carry, const Tensors& x) { return std::pair(carry, f(x)); }, {}, xs).second;
}

Tensors fori_loop(int64_t lower, int64_t upper, const std::function<Tensors(const Tensor&, const Tensors&)>& body,
                  const Tensors& init_val) {
  if (upper <= lower) return init_val;
  Tensors numbers = arange(lower, upper);
  return scan([body](const Tensors& value, const Tensors& i) { return std::pair(body(i.single(), value), Tensors()); },
              init_val, numbers)
      .first;
}

Tensors while_loop(const std::function<Tensor(const Tensors&)>& cond,
                   const std::function<Tensors(const Tensors&)>& body, const Tensors& loop_vars,
                   std::optional<int64_t> maximum_iterations) {
  std::vector<Tensor> inputs = loop_vars.flat();
  const size_t carried = inputs.size();
  auto flat_body = [=](const std::vector<Tensor>& all) {
    auto vars = [&](const std::vector<Tensor>& values) { return with(loop_vars, part(values, 0, carried)); };
    std::vector<Tensor> start = all;
    if (maximum_iterations) start.push_back(Array::scalar<int32_t>(0));
    return part(trace::Trace::current()->while_loop(
                    start,
                    [&](const std::vector<Tensor>& values) {
                      Tensor goes_on = cond(vars(values));
                      if (!maximum_iterations) return goes_on;
                      return logical_and(goes_on, less(values[carried], *maximum_iterations));
                    },
                    [&](const std::vector<Tensor>& values) {
                      std::vector<Tensor> results = body(vars(values)).flat();
                      if (maximum_iterations) results.push_back(values[carried] + 1);
                      return results;
                    }),
                0, carried);
  };
  return with(loop_vars, apply_many("WhileLoop", inputs, Config::object(), flat_body));
}

Tensors cond(const Tensor& pred, const std::function<Tensors()>& true_fn, const std::function<Tensors()>& false_fn) {
  // Outside a trace the functions work on tensors that are there: one of them is run.
  if (!trace::Trace::current()) {
    if (pred.is_symbolic()) return graph::record_cond(pred, true_fn, false_fn);
    return pred.array().get(0) != 0 ? true_fn() : false_fn();
  }
  Tensors structure;
  std::vector<Tensor> results = trace::Trace::current()->cond(
      pred,
      [&] {
        structure = true_fn();
        return structure.flat();
      },
      [&] { return false_fn().flat(); });
  return with(structure, results);
}

}  // namespace hornbeam::ops
