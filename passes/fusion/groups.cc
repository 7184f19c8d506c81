#include "passes/fusion/groups.h"

#include <map>

#include "ir/ops/backpropagate.h"
#include "passes/fusion/recompute.h"

namespace hornbeam::passes {

using mlir::Operation;
using mlir::Value;

bool is_elementwise(Operation* op) {
  return llvm::isa<horn::ElementwiseOpInterface, horn::RandomUniformOp, horn::TakeOp>(op);
}
bool only_moves(Operation* op) {
  return llvm::isa<horn::BroadcastOp, horn::TransposeOp, horn::SliceOp, horn::ReverseOp, horn::ReshapeOp, horn::IotaOp,
                   horn::ConstantOp>(op);
}
bool is_control(Operation* op) { return llvm::isa_and_nonnull<horn::ScanOp, horn::CondOp, horn::WhileOp>(op); }
bool is_root(Operation* op) {
  return llvm::isa<horn::DotOp, horn::ConvOp, horn::ConvBackwardDataOp, horn::ConvBackwardKernelOp, horn::ReduceSumOp,
                   horn::ReduceMaxOp, horn::ReduceMinOp, horn::ReduceProdOp, horn::ArgmaxOp, horn::ArgminOp, horn::MaxPoolOp,
                   horn::MaxPoolBackwardOp, horn::MaxPoolGatherOp, horn::AvgPoolOp, horn::AvgPoolBackwardOp,
                   horn::ConcatOp, horn::PadOp, horn::TakeBackwardOp>(op) ||
         is_control(op);
}
bool is_reduce(Operation* op) {
  return op && llvm::isa<horn::ReduceSumOp, horn::ReduceMaxOp, horn::ReduceMinOp, horn::ReduceProdOp, horn::ArgmaxOp,
                         horn::ArgminOp>(op);
}
bool needs_buffers(Operation* op) { return !is_reduce(op) && !llvm::isa<horn::ConcatOp, horn::PadOp>(op); }
bool reads_whole(mlir::OpOperand& operand) {
  Operation* op = operand.getOwner();
  if (llvm::isa<horn::TakeOp>(op)) return operand.getOperandNumber() == 0;
  return llvm::isa<horn::RandomUniformOp>(op) ||
         (is_root(op) && needs_buffers(op) && !is_initial(op, operand.getOperandNumber()));
}
bool is_initial(Operation* op, unsigned operand) {
  if (auto scan = llvm::dyn_cast<horn::ScanOp>(op)) return operand < scan.getInit().size();
  if (auto loop = llvm::dyn_cast<horn::WhileOp>(op)) return operand < loop.getInit().size();
  return false;
}

namespace {

// A root whose result may be worked on while it is computed.
bool takes_members(Operation* op) { return !llvm::isa<horn::PadOp>(op) && !is_control(op); }

class Former {
 public:
  explicit Former(mlir::Block& block) : block_(block) {}

  mlir::FailureOr<Plan> run() {
    if (mlir::failed(order())) return mlir::failure();
    for (Operation* op : order_) {
      if (op->hasAttr(kRecomputeAttr)) continue;  // goes where its reader goes
      if (is_elementwise(op))
        place(op);
      else if (is_root(op))
        open(op);
    }
    for (Value result : block_.getTerminator()->getOperands()) write_out(result);
    sink();
    store_reshaped();
    drop_empty();
    return std::move(plan_);
  }

 private:
  // By depth (products and reductions on the longest path so far), so that what can be computed early is at hand when
  // the ops that use it come up for fusion; cheap ops on values that are kept anyway wait for their users.
  // What a gradient computes again (remat) waits for what stands in front of it, or it would be kept as long as if it had not
  // been.
  mlir::LogicalResult order() {
    int64_t deepest = 0;
    for (Operation& op : block_.without_terminator()) {
      if (!is_elementwise(&op) && !only_moves(&op) && !is_root(&op))
        return op.emitError("no kernel computes ") << op.getName() << " yet";
      int64_t depth = 0;
      for (Value operand : op.getOperands())
        if (Operation* maker = operand.getDefiningOp()) depth = std::max(depth, depth_[maker]);
      auto again = op.getAttrOfType<mlir::IntegerAttr>(horn::kRematAttr);
      if (again && again.getInt() > 0) depth = std::max(depth, deepest);
      depth_[&op] = depth + (is_root(&op) ? 1 : 0);
      deepest = std::max(deepest, depth_[&op]);
      order_.push_back(&op);
    }
    for (Operation* op : llvm::reverse(order_)) {
      if (!llvm::isa<horn::ElementwiseOpInterface>(op) ||
          !llvm::all_of(op->getOperands(), [&](Value v) { return is_kept(v); }))
        continue;
      int64_t first_use = INT64_MAX;
      for (Operation* user : op->getUsers())
        first_use = std::min(first_use, user->getBlock() == &block_ && depth_.count(user) ? depth_[user] : INT64_MAX);
      if (first_use != INT64_MAX && first_use > depth_[op]) depth_[op] = is_used_by_root(op) ? depth_[op] : first_use;
    }
    std::stable_sort(order_.begin(), order_.end(), [&](Operation* a, Operation* b) { return depth_[a] < depth_[b]; });
    return mlir::success();
  }
  static bool is_used_by_root(Operation* op) {
    return llvm::any_of(op->getUsers(), [](Operation* user) { return is_root(user); });
  }
  // In memory whatever the fusion does: an argument, a constant, or an operand of a root that reads buffers.
  bool is_kept(Value value) {
    if (!value.getDefiningOp()) return true;
    if (llvm::isa<horn::ConstantOp>(value.getDefiningOp())) return true;
    if (llvm::isa<horn::BroadcastOp>(value.getDefiningOp())) return is_kept(value.getDefiningOp()->getOperand(0));
    return llvm::any_of(value.getUses(), reads_whole);
  }

  Group* open_group(llvm::ArrayRef<int64_t> domain) {
    plan_.groups.push_back(std::make_unique<Group>());
    Group* group = plan_.groups.back().get();
    group->domain.assign(domain.begin(), domain.end());
    position_[group] = plan_.groups.size();
    return group;
  }

  void open(Operation* op) {
    if (needs_buffers(op))
      for (auto [i, operand] : llvm::enumerate(op->getOperands())) {
        llvm::SmallVector<Leaf> read;
        if (is_initial(op, i))
          leaves(operand, dims_of(operand), read);
        else
          write_out(operand);
      }
    Group* group = open_group(dims_of(op->getResult(0)));
    group->root = op;
    if (is_reduce(op)) take_recomputed(op, group, group->before);
    for (Value result : op->getResults()) plan_.group_of[result] = group;
  }

  // The values that `value` is read from, and whether at the same point.
  struct Leaf {
    Value value;
    bool same_point;
  };
  void leaves(Value value, llvm::ArrayRef<int64_t> domain, llvm::SmallVectorImpl<Leaf>& out) {
    visit_sources(value, Access::identity(domain.size()), domain.size(), plan_, [&](Value source, bool same_point) {
      write_out(source);
      out.push_back({source, same_point});
    });
  }

  // Puts an elementwise op into the last group that computes one of its operands at the same points, else a new one.
  void place(Operation* op) {
    llvm::ArrayRef<int64_t> domain = dims_of(op->getResult(0));
    llvm::SmallVector<Leaf> read;
    std::function<void(Operation*)> reads_of = [&](Operation* reader) {
      visit_reads(reader, plan_, [&](Value source, bool same_point) {
        if (is_recomputed(source) && !plan_.group_of.count(source)) return reads_of(source.getDefiningOp());
        write_out(source);
        read.push_back({source, same_point});
      });
    };
    reads_of(op);
    Group* last = nullptr;  // the last group read from at the same point and domain
    size_t latest = 0;      // the position of the last group read from at all
    bool other_points = false;
    for (const Leaf& leaf : read) {
      Group* group = plan_.group_of.lookup(leaf.value);
      if (!group) continue;
      if (position_[group] > latest) latest = position_[group], other_points = false, last = nullptr;
      if (position_[group] == latest) {
        if (leaf.same_point && group->domain == domain && can_join(group))
          last = group;
        else
          other_points = true;
      }
    }
    Group* group = last && !other_points ? last : nullptr;
    // An op that needs nothing newer shares an elementwise group of its shape that is open already.
    if (!group)
      for (auto& candidate : llvm::reverse(plan_.groups)) {
        if (position_[candidate.get()] <= latest) break;
        if (!candidate->root && !candidate->copy_of && candidate->domain == domain) {
          group = candidate.get();
          break;
        }
      }
    if (!group) group = open_group(domain);
    take_recomputed(op, group, group->members);
    group->members.push_back(op);
    plan_.group_of[op->getResult(0)] = group;
  }
  static bool is_recomputed(Value value) {
    return value.getDefiningOp() && value.getDefiningOp()->hasAttr(kRecomputeAttr);
  }
  // What is computed again for an op, before it in its group.
  void take_recomputed(Operation* op, Group* group, std::vector<Operation*>& list) {
    for (Value operand : op->getOperands()) {
      if (!is_recomputed(operand) || plan_.group_of.count(operand)) continue;
      take_recomputed(operand.getDefiningOp(), group, list);
      list.push_back(operand.getDefiningOp());
      plan_.group_of[operand] = group;
    }
  }
  static bool can_join(Group* group) { return !group->copy_of && (!group->root || takes_members(group->root)); }

  // Makes sure that `value` will lie in memory, row-major.
  void write_out(Value value) {
    value = stored(value);
    if (!is_moved(value, plan_)) return;
    Operation* op = value.getDefiningOp();
    if (llvm::isa<horn::ConstantOp>(op) && !splat_of(value)) return;  // constants lie in the program
    llvm::SmallVector<Leaf> read;
    leaves(value, dims_of(value), read);
    Group* group = open_group(dims_of(value));
    group->copy_of = value;
    plan_.group_of[value] = group;
  }

  // Moves an elementwise group into the one group that reads it, where all reads are at the same points.
  void sink() {
    std::map<Group*, std::vector<Operation*>> users;
    for (size_t i = plan_.groups.size(); i-- > 0;) {
      Group* group = plan_.groups[i].get();
      if (group->root || group->copy_of || group->members.empty()) continue;
      Group* target = nullptr;
      bool fits = true, into_body = false;
      llvm::DenseSet<Operation*> inside(group->members.begin(), group->members.end());
      for (Operation* member : group->members)
        for (mlir::OpOperand& use : member->getUses()) {
          Operation* user = use.getOwner();
          if (reads_whole(use)) fits = false;
          if (inside.contains(user)) continue;
          Group* reader = user->getNumResults() ? plan_.group_of.lookup(user->getResult(0)) : nullptr;
          if (!reader || reader->copy_of || (target && reader != target)) {
            fits = false;
            break;
          }
          target = reader;
          if (user == reader->root || llvm::is_contained(reader->before, user)) {
            if (!is_reduce(reader->root)) fits = false;
            into_body = true;
          } else if (into_body || reader->domain != group->domain) {
            fits = false;
          }
        }
      if (!fits || !target ||
          (into_body && dims_of(target->root->getOperand(0)) != llvm::ArrayRef<int64_t>(group->domain)))
        continue;
      // A member that is read both by the body and by the epilogue would need two homes.
      if (into_body && llvm::any_of(group->members, [&](Operation* member) {
            return llvm::any_of(member->getUsers(),
                                [&](Operation* user) { return llvm::is_contained(target->members, user); });
          }))
        continue;
      auto& list = into_body ? target->before : target->members;
      list.insert(list.begin(), group->members.begin(), group->members.end());
      for (Operation* member : group->members) plan_.group_of[member->getResult(0)] = target;
      group->members.clear();
    }
  }

  // What is read through a reshape lies in memory, if it does not already.
  void store_reshaped() {
    for (size_t i = 0; i < plan_.groups.size(); ++i)
      visit_reads(*plan_.groups[i], plan_, [&](const Read& read) { write_out(read.value); });
  }

  void drop_empty() {
    llvm::erase_if(plan_.groups, [](const std::unique_ptr<Group>& group) {
      return !group->root && !group->copy_of && group->members.empty();
    });
  }

  mlir::Block& block_;
  Plan plan_;
  std::vector<Operation*> order_;
  llvm::DenseMap<Operation*, int64_t> depth_;
  llvm::DenseMap<Group*, size_t> position_;
};

}  // namespace

mlir::FailureOr<Plan> form_groups(mlir::Block& block) { return Former(block).run(); }

}  // namespace hornbeam::passes
