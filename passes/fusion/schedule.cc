#include "passes/fusion/schedule.h"

#include <set>

#include "passes/fusion/plan.h"

namespace hornbeam::passes {

using mlir::Value;

namespace {

// The old values in `read_at_end` are still needed when all groups have run.
void order_groups(Plan& plan, llvm::MutableArrayRef<Update> updates, const llvm::DenseSet<Value>& read_at_end) {
  size_t n = plan.groups.size();
  llvm::DenseMap<const Group*, size_t> number;
  for (size_t i = 0; i < n; ++i) number[plan.groups[i].get()] = i;
  std::vector<std::set<size_t>> next(n);
  llvm::DenseMap<Value, std::vector<std::pair<size_t, bool>>> readers;  // of block arguments
  for (size_t i = 0; i < n; ++i)
    visit_reads(*plan.groups[i], plan, [&](const Read& read) {
      if (llvm::isa<mlir::BlockArgument>(read.value))
        readers[read.value].push_back({i, read.same_point && !read.by_body});
      else if (Group* maker = plan.group_of.lookup(read.value); maker && number[maker] != i)
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

class Schedule : public mlir::PassWrapper<Schedule, mlir::OperationPass<mlir::func::FuncOp>> {
 public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(Schedule)
  llvm::StringRef getArgument() const final { return "horn-schedule"; }
  llvm::StringRef getDescription() const final {
    return "Order groups so that values can be replaced in place where nothing needs the old one";
  }
  void runOnOperation() override {
    auto replaced = replaced_by_results(getOperation());
    if (mlir::failed(replaced) || mlir::failed(schedule(getOperation().front(), *replaced))) return signalPassFailure();
    mlir::WalkResult bodies = getOperation().walk([](mlir::Operation* op) {
      if (!is_control(op)) return mlir::WalkResult::advance();
      for (mlir::Region& region : op->getRegions())
        if (mlir::failed(schedule(region.front(), replaced_by_results(region.front()))))
          return mlir::WalkResult::interrupt();
      return mlir::WalkResult::advance();
    });
    if (bodies.wasInterrupted()) signalPassFailure();
  }
};

}  // namespace

mlir::FailureOr<llvm::SmallVector<mlir::BlockArgument>> replaced_by_results(mlir::func::FuncOp job) {
  llvm::StringMap<mlir::BlockArgument> states;
  for (mlir::BlockArgument argument : job.getArguments()) {
    auto role = job.getArgAttrOfType<mlir::StringAttr>(argument.getArgNumber(), horn::kRoleAttr);
    auto name = job.getArgAttrOfType<mlir::StringAttr>(argument.getArgNumber(), horn::kNameAttr);
    if (!role || !name) return job.emitError("has an argument without a role and a name");
    if (role.getValue() == "state") states[name.getValue()] = argument;
  }
  llvm::SmallVector<mlir::BlockArgument> replaced;
  for (auto [i, value] : llvm::enumerate(job.front().getTerminator()->getOperands())) {
    auto role = job.getResultAttrOfType<mlir::StringAttr>(i, horn::kRoleAttr);
    auto name = job.getResultAttrOfType<mlir::StringAttr>(i, horn::kNameAttr);
    if (!role || !name) return job.emitError("has a result without a role and a name");
    replaced.push_back({});
    if (role.getValue() != "state") continue;
    auto state = states.find(name.getValue());
    if (state == states.end()) return job.emitError("updates ") << name.getValue() << ", which it does not take";
    if (value.getType() != state->second.getType())
      return job.emitError("updates ") << name.getValue() << " with another type, " << value.getType();
    replaced.back() = state->second;
  }
  return replaced;
}

llvm::SmallVector<mlir::BlockArgument> replaced_by_results(mlir::Block& body) {
  mlir::Operation* op = body.getParentOp();
  size_t carried = 0;
  if (auto scan = llvm::dyn_cast<horn::ScanOp>(op)) carried = scan.getInit().size();
  if (auto loop = llvm::dyn_cast<horn::WhileOp>(op); loop && body.getParent() == &loop.getBody())
    carried = loop.getInit().size();
  llvm::SmallVector<mlir::BlockArgument> replaced(body.getArguments().take_front(carried));
  replaced.resize(body.getTerminator()->getNumOperands());
  return replaced;
}

mlir::LogicalResult schedule(mlir::Block& block, llvm::ArrayRef<mlir::BlockArgument> replaced) {
  mlir::FailureOr<Plan> plan = read_plan(block);
  if (mlir::failed(plan)) return mlir::failure();
  mlir::Operation* end = block.getTerminator();
  end->removeAttr(kInPlaceAttr);
  llvm::SmallVector<Update> updates = read_updates(block, *plan, replaced);
  llvm::DenseSet<Value> read_at_end;
  for (auto [value, old] : llvm::zip_equal(end->getOperands(), replaced))
    if (value != old && llvm::isa<mlir::BlockArgument>(stored(value))) read_at_end.insert(stored(value));
  order_groups(*plan, updates, read_at_end);
  write_plan(*plan, block);
  llvm::SmallVector<int64_t> in_place;
  for (const Update& update : updates)
    if (update.writer) in_place.push_back(update.result);
  if (!in_place.empty()) end->setAttr(kInPlaceAttr, mlir::DenseI64ArrayAttr::get(end->getContext(), in_place));
  return mlir::success();
}

llvm::SmallVector<Update> read_updates(mlir::Block& block, const Plan& plan,
                                       llvm::ArrayRef<mlir::BlockArgument> replaced) {
  auto in_place = block.getTerminator()->getAttrOfType<mlir::DenseI64ArrayAttr>(kInPlaceAttr);
  llvm::SmallVector<Update> updates;
  for (auto [i, value] : llvm::enumerate(block.getTerminator()->getOperands())) {
    if (!replaced[i] || value == replaced[i]) continue;
    bool marked = in_place && llvm::is_contained(in_place.asArrayRef(), static_cast<int64_t>(i));
    updates.push_back({replaced[i], value, static_cast<unsigned>(i), marked ? plan.group_of.lookup(value) : nullptr});
  }
  return updates;
}

std::unique_ptr<mlir::Pass> create_schedule_pass() { return std::make_unique<Schedule>(); }

}  // namespace hornbeam::passes
