#include "passes/fusion/recompute.h"

#include "llvm/ADT/SetVector.h"

#include "passes/fusion/groups.h"

namespace hornbeam::passes {
namespace {

using mlir::Operation;
using mlir::Value;

// Smaller values stay in the caches.
constexpr int64_t kLeastElements = 1 << 14;

int64_t count(Value value) { return llvm::cast<mlir::RankedTensorType>(value.getType()).getNumElements(); }

bool is_cheap(Operation* op) {
  return llvm::isa<horn::ElementwiseOpInterface>(op) &&
         !llvm::isa<horn::ExpOp, horn::Expm1Op, horn::LogOp, horn::Log1pOp, horn::SqrtOp, horn::RsqrtOp, horn::SinOp,
                    horn::CosOp, horn::TanOp, horn::TanhOp, horn::ErfOp, horn::SigmoidOp, horn::PowerOp, horn::DivideOp,
                    horn::RemainderOp, horn::FloorDivideOp>(op);
}

bool can_read_it_recomputed(mlir::OpOperand& use) {
  Operation* user = use.getOwner();
  return llvm::isa<horn::ElementwiseOpInterface, horn::ReduceSumOp, horn::ReduceMaxOp, horn::ReduceMinOp,
                   horn::ReduceProdOp>(user);
}

class Recompute {
 public:
  explicit Recompute(mlir::Block& block) : block_(block) {}

  void run() {
    for (Operation& op : block_.without_terminator())
      if (op.getNumResults() == 1) decide(&op);
    for (Operation& op : llvm::make_early_inc_range(block_.without_terminator()))
      if (!recomputed_.contains(&op)) copy_into(&op);
    for (Operation* op : llvm::reverse(recomputed_.getArrayRef()))
      if (op->use_empty()) op->erase();
  }

 private:
  // The large values that `value` is computed from where its readers compute it. `firm` ones lie in memory in any case.
  struct Leaves {
    llvm::SmallVector<Value, 2> values;
    bool firm = true;
  };

  Leaves leaves_of(Value value, int64_t size) {
    if (Operation* op = value.getDefiningOp()) {
      if (llvm::isa<horn::ConstantOp, horn::IotaOp>(op)) return {};
      if (llvm::isa<horn::TransposeOp>(op)) return {{value}, false};  // dear to read
      if (llvm::isa<horn::BroadcastOp, horn::SliceOp, horn::ReverseOp>(op) ||
          (llvm::isa<horn::ReshapeOp>(op) && is_unit_reshape(llvm::cast<horn::ReshapeOp>(op)))) {
        if (count(op->getOperand(0)) < size)
          return llvm::isa<horn::BroadcastOp>(op) ? Leaves{} : Leaves{{value}, false};
        return leaves_of(op->getOperand(0), size);
      }
    }
    // What is read through a reshape lies in memory.
    if (value.getDefiningOp<horn::ReshapeOp>()) return {{value}, stored(value).getDefiningOp() != nullptr};
    auto known = leaves_.find(value);
    if (known != leaves_.end()) return known->second;
    return {{value}, value.getDefiningOp() && is_root(value.getDefiningOp())};
  }

  void decide(Operation* op) {
    Value value = op->getResult(0);
    if (!llvm::isa<horn::ElementwiseOpInterface>(op)) return;
    Leaves from;
    for (Value operand : op->getOperands()) {
      Leaves some = leaves_of(operand, count(value));
      from.firm &= some.firm;
      for (Value leaf : some.values)
        if (!llvm::is_contained(from.values, leaf)) from.values.push_back(leaf);
    }
    bool readable = llvm::all_of(value.getUses(), can_read_it_recomputed);
    bool cheap = count(value) >= kLeastElements && is_cheap(op) && readable && from.firm;
    if (cheap && !value.use_empty() &&
        (from.values.size() <= 1 || (from.values.size() == 2 && has_one_reader(value)))) {
      recomputed_.insert(op);
      leaves_[value] = from;
    } else {
      leaves_[value] = {{value}, !readable || !value.hasOneUse()};
    }
  }

  // One op reads it, or several whose results all come together in one of them.
  bool has_one_reader(Value value) {
    Operation* last = nullptr;
    for (Operation* user : value.getUsers())
      if (!last || last->isBeforeInBlock(user)) last = user;
    return llvm::all_of(value.getUsers(), [&](Operation* user) {
      return user == last || (is_cheap(user) && llvm::all_of(user->getUsers(), [&](Operation* next) {
                                return llvm::is_contained(value.getUsers(), next);
                              }));
    });
  }

  // Gives an op that is not recomputed copies of its own of what it reads that is.
  void copy_into(Operation* op) {
    llvm::DenseMap<Value, Value> copies;
    mlir::OpBuilder builder(op);
    std::function<Value(Value)> copy = [&](Value value) -> Value {
      Operation* maker = value.getDefiningOp();
      if (!maker || !recomputed_.contains(maker)) return value;
      Value& known = copies[value];
      if (known) return known;
      llvm::SmallVector<Value> operands;
      for (Value operand : maker->getOperands()) operands.push_back(copy(operand));
      Operation* made = builder.clone(*maker);
      made->setOperands(operands);
      made->setAttr(kRecomputeAttr, builder.getUnitAttr());
      return copies[value] = made->getResult(0);
    };
    for (mlir::OpOperand& operand : op->getOpOperands()) operand.set(copy(operand.get()));
  }

  mlir::Block& block_;
  llvm::DenseMap<Value, Leaves> leaves_;
  llvm::SetVector<Operation*> recomputed_;
};

class RecomputePass : public mlir::PassWrapper<RecomputePass, mlir::OperationPass<mlir::func::FuncOp>> {
 public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(RecomputePass)
  llvm::StringRef getArgument() const final { return "horn-recompute"; }
  llvm::StringRef getDescription() const final { return "Let readers compute again what is cheaper than memory"; }
  void runOnOperation() override { Recompute(getOperation().front()).run(); }
};

}  // namespace

std::unique_ptr<mlir::Pass> create_recompute_pass() { return std::make_unique<RecomputePass>(); }

}  // namespace hornbeam::passes
