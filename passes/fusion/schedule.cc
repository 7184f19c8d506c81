#include "passes/fusion/schedule.h"

#include <set>

namespace hornbeam::passes {
namespace {

using mlir::Value;

// All values in memory that a group reads, with whether only at the point that is being written.
void reads_of(const Group& group, const Plan& plan, llvm::function_ref<void(Value, bool)> visit) {
  auto from = [&](auto& self, Value value, const Access& access, size_t rank, bool pointwise) -> void {
    if (is_moved(value, plan)) {
      if (auto source = look_through(value, access, rank))
        return self(self, source->value, source->access, rank, pointwise);
      if (auto reshape = value.getDefiningOp<horn::ReshapeOp>()) return self(self, reshape.getX(), {}, rank, false);
      return;
    }
    visit(value, pointwise && access.is_identity());
  };
  auto read = [&](Value value, llvm::ArrayRef<int64_t> domain, bool pointwise) {
    from(from, value, Access::identity(domain.size()), domain.size(), pointwise);
  };
  if (group.copy_of) {
    if (auto source = look_through(group.copy_of, Access::identity(group.domain.size()), group.domain.size()))
      from(from, source->value, source->access, group.domain.size(), false);
    return;
  }
  if (group.root)
    for (Value operand : group.root->getOperands()) read(operand, dims_of(operand), false);
  for (mlir::Operation* op : group.before)
    for (Value operand : op->getOperands()) read(operand, dims_of(operand), false);
  for (mlir::Operation* op : group.members)
    for (Value operand : op->getOperands()) read(operand, dims_of(operand), true);
}

}  // namespace

void schedule(Plan& plan, llvm::MutableArrayRef<Update> updates, const llvm::DenseSet<Value>& read_at_end) {
  size_t n = plan.groups.size();
  llvm::DenseMap<const Group*, size_t> number;
  for (size_t i = 0; i < n; ++i) number[plan.groups[i].get()] = i;
  std::vector<std::set<size_t>> next(n);
  llvm::DenseMap<Value, std::vector<std::pair<size_t, bool>>> readers;  // of block arguments
  for (size_t i = 0; i < n; ++i)
    reads_of(*plan.groups[i], plan, [&](Value value, bool pointwise) {
      if (llvm::isa<mlir::BlockArgument>(value))
        readers[value].push_back({i, pointwise});
      else if (Group* maker = plan.group_of.lookup(value); maker && number[maker] != i)
        next[number[maker]].insert(i);
    });

  auto reaches = [&](size_t from, size_t to) {
    std::vector<bool> seen(n);
    std::vector<size_t> work{from};
    while (!work.empty()) {
      size_t at = work.back();
      work.pop_back();
      if (at == to) return true;
      if (seen[at]) continue;
      seen[at] = true;
      work.insert(work.end(), next[at].begin(), next[at].end());
    }
    return false;
  };
  llvm::DenseSet<Value> taken;  // a value can be written to one place only
  for (Update& update : updates) {
    Group* writer = plan.group_of.lookup(update.value);
    if (!writer || read_at_end.contains(update.state) || !taken.insert(update.value).second ||
        (writer->root && (llvm::isa<horn::ConcatOp, horn::PadOp>(writer->root) || is_control(writer->root))))
      continue;
    size_t at = number[writer];
    bool in_place = true;
    for (auto [reader, pointwise] : readers[update.state])
      if (reader == at ? !pointwise : reaches(at, reader)) in_place = false;
    if (!in_place) continue;
    update.writer = writer;
    for (auto [reader, pointwise] : readers[update.state])
      if (reader != at) next[reader].insert(at);
  }

  std::vector<size_t> before(n);
  for (auto& list : next)
    for (size_t to : list) ++before[to];
  std::set<size_t> ready;
  for (size_t i = 0; i < n; ++i)
    if (!before[i]) ready.insert(i);
  std::vector<std::unique_ptr<Group>> ordered;
  while (!ready.empty()) {
    size_t at = *ready.begin();
    ready.erase(ready.begin());
    ordered.push_back(std::move(plan.groups[at]));
    for (size_t to : next[at])
      if (--before[to] == 0) ready.insert(to);
  }
  plan.groups = std::move(ordered);
}

}  // namespace hornbeam::passes
