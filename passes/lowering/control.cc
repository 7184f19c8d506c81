#include "passes/lowering/control.h"

#include "passes/fusion/plan.h"
#include "passes/lowering/region.h"

namespace hornbeam::passes {
namespace {

using mlir::Value;

int64_t elements_of(Value value) { return llvm::cast<mlir::RankedTensorType>(value.getType()).getNumElements(); }
mlir::Type stored_type_of(Value value) { return stored_type(mlir::getElementTypeOrSelf(value.getType())); }

// Writes all elements of a value to a buffer.
void copy(mlir::OpBuilder& b, Value value, Value to, const Plan& plan, Buffers& buffers, const Target& target) {
  llvm::ArrayRef<int64_t> shape = dims_of(value);
  Access identity = Access::identity(shape.size());
  Linear at = identity.flatten(shape, shape.size());
  RegionBuilder region(value.getLoc(), shape.size(), {}, plan, buffers);
  region.write(region.read(value, identity), to, at);
  RegionBuilder::Parts parts = region.take();
  int64_t units = units_for_copy(elements_of(value), target);
  auto op = hk::MapOp::create(b, value.getLoc(), parts.extras, parts.outs, shape, parts.access, units,
                              llvm::ArrayRef<int64_t>{});
  op.getEpilogue().takeBody(*parts.region);
}
void copy_buffer(mlir::OpBuilder& b, mlir::Location loc, Value from, Value to, const Plan& plan, Buffers& buffers,
                 const Target& target) {
  int64_t n = llvm::cast<mlir::MemRefType>(from.getType()).getNumElements();
  RegionBuilder region(loc, 1, {}, plan, buffers);
  Linear at{1, 0};
  region.write(region.read_buffer(from, at, llvm::cast<mlir::MemRefType>(from.getType()).getElementType()), to, at);
  RegionBuilder::Parts parts = region.take();
  int64_t units = units_for_copy(n, target);
  auto op = hk::MapOp::create(b, loc, parts.extras, parts.outs, n, parts.access, units, llvm::ArrayRef<int64_t>{});
  op.getEpilogue().takeBody(*parts.region);
}

// A region's values and where they lie. What it computes and nobody outside sees is scratch.
class Body : public Buffers {
 public:
  Body(mlir::OpBuilder& builder, mlir::Region& region, Buffers& outer, const Target& target)
      : b_(builder), block_(region.front()), outer_(outer), target_(target) {}

  void bind(Value value, Value buffer) { buffers_[value] = buffer; }
  mlir::Block& block() { return block_; }

  // Emits the body's groups, so that its yielded values come to lie in these buffers. `carried` has the argument that a
  // yielded value replaces, null where it replaces none.
  mlir::LogicalResult lower(llvm::ArrayRef<Value> places, llvm::ArrayRef<mlir::BlockArgument> carried) {
    auto yielded = block_.getTerminator()->getOperands();
    mlir::FailureOr<Plan> plan = read_plan(block_);
    if (mlir::failed(plan)) return mlir::failure();
    llvm::SmallVector<Update> updates = read_updates(block_, *plan, carried);
    llvm::SmallVector<bool> done(places.size(), false);
    for (auto [i, value] : llvm::enumerate(yielded)) done[i] = carried[i] && carried[i] == value;

    // Which values are computed straight into their places.
    for (const Update& update : updates)
      if (update.writer) bind(update.value, buffers_.lookup(update.state));
    for (auto [i, value] : llvm::enumerate(yielded)) {
      Value source = stored(value);
      Group* maker = plan->group_of.lookup(source);
      if (done[i] || !maker) continue;
      Value place = buffers_.lookup(source);
      bool is_update = carried[i] && llvm::any_of(updates, [&](const Update& update) {
                         return update.state == carried[i] && update.writer;
                       });
      if (is_update) {
        done[i] = true;
      } else if (!carried[i] && !place) {
        bind(source, places[i]);
        done[i] = true;
      } else if (!carried[i] && !maker->copy_of && !is_control(maker->root) &&
                 !llvm::isa_and_nonnull<horn::PadOp>(maker->root)) {
        more_[source].push_back(places[i]);
        done[i] = true;
      }
    }
    for (auto& group : plan->groups)
      if (mlir::failed(lower_group(b_, *group, *plan, *this, target_))) return mlir::failure();

    // What is left is copied: outputs first, as carried values are still what they were; carried values that change
    // places by way of scratch.
    llvm::SmallVector<std::pair<Value, Value>> late;
    for (auto [i, value] : llvm::enumerate(yielded)) {
      if (done[i]) continue;
      if (!carried[i]) {
        copy(b_, value, places[i], *plan, *this, target_);
      } else if (llvm::isa<mlir::BlockArgument>(stored(value))) {
        Value kept = scratch(stored_type_of(value), elements_of(value));
        copy(b_, value, kept, *plan, *this, target_);
        late.push_back({kept, places[i]});
      }
    }
    for (auto [i, value] : llvm::enumerate(yielded))
      if (!done[i] && carried[i] && !llvm::isa<mlir::BlockArgument>(stored(value)))
        copy(b_, value, places[i], *plan, *this, target_);
    for (auto [from, to] : late) copy_buffer(b_, block_.getTerminator()->getLoc(), from, to, *plan, *this, target_);
    return mlir::success();
  }

  Value of(Value value) override {
    if (Value known = buffers_.lookup(value)) return known;
    if (value.getDefiningOp<horn::ConstantOp>()) return buffers_[value] = outer_.of(value);
    return out(value);
  }
  Value out(Value value) override {
    Value& buffer = buffers_[value];
    if (!buffer) buffer = scratch(stored_type_of(value), elements_of(value));
    return buffer;
  }
  llvm::ArrayRef<Value> more_outs(Value value) override { return more_[value]; }
  Value scratch(mlir::Type element, int64_t n) override { return outer_.scratch(element, n); }

 private:
  mlir::OpBuilder& b_;
  mlir::Block& block_;
  Buffers& outer_;
  const Target& target_;
  llvm::DenseMap<Value, Value> buffers_;
  llvm::DenseMap<Value, llvm::SmallVector<Value>> more_;
};

class ControlLowering {
 public:
  ControlLowering(mlir::OpBuilder& builder, mlir::Operation* op, const Plan& plan, Buffers& buffers,
                  const Target& target)
      : b_(builder), loc_(op->getLoc()), plan_(plan), buffers_(buffers), target_(target) {}

  mlir::LogicalResult lower(horn::ScanOp op) {
    llvm::SmallVector<Value> places = start(op.getInit(), op.getOutputs());
    llvm::SmallVector<Value> xs = all_of(op.getXs()), invariants = all_of(op.getInvariants()), outputs;
    for (Value output : op.stacked()) outputs.push_back(buffers_.out(output));
    mlir::OpBuilder::InsertionGuard guard(b_);
    Value zero = index(0), one = index(1), length = index(op.getLength());
    auto loop = mlir::scf::ForOp::create(b_, loc_, zero, length, one);
    b_.setInsertionPoint(loop.getBody()->getTerminator());
    Value at = loop.getInductionVar();
    if (op.getReverse()) at = mlir::arith::SubIOp::create(b_, loc_, index(op.getLength() - 1), at);
    auto slice_of = [&](Value buffer) -> Value {
      auto type = llvm::cast<mlir::MemRefType>(buffer.getType());
      int64_t n = type.getNumElements() / static_cast<int64_t>(op.getLength());
      return hk::SliceOp::create(b_, loc_, mlir::MemRefType::get({n}, type.getElementType()), buffer, at);
    };
    Body body(b_, op.getBody(), buffers_, target_);
    llvm::SmallVector<mlir::BlockArgument> carried(op.carried_arguments());
    for (auto [argument, place] : llvm::zip(carried, places)) body.bind(argument, place);
    for (auto [argument, buffer] : llvm::zip_equal(op.slice_arguments(), xs)) body.bind(argument, slice_of(buffer));
    for (auto [argument, buffer] : llvm::zip_equal(op.invariant_arguments(), invariants)) body.bind(argument, buffer);
    for (Value output : outputs) {
      places.push_back(slice_of(output));
      carried.push_back({});
    }
    return body.lower(places, carried);
  }

  mlir::LogicalResult lower(horn::CondOp op) {
    llvm::SmallVector<Value> args = all_of(op.getArgs()), places;
    for (Value output : op.getOutputs()) places.push_back(buffers_.out(output));
    mlir::OpBuilder::InsertionGuard guard(b_);
    auto branch =
        mlir::scf::IfOp::create(b_, loc_, is_true(buffers_.of(stored(op.getPred()))), /*withElseRegion=*/true);
    for (auto [region, block] :
         {std::pair(&op.getThenBody(), branch.thenBlock()), std::pair(&op.getElseBody(), branch.elseBlock())}) {
      b_.setInsertionPoint(block->getTerminator());
      Body body(b_, *region, buffers_, target_);
      for (auto [argument, buffer] : llvm::zip_equal(body.block().getArguments(), args)) body.bind(argument, buffer);
      llvm::SmallVector<mlir::BlockArgument> carried(places.size());
      if (mlir::failed(body.lower(places, carried))) return mlir::failure();
    }
    return mlir::success();
  }

  mlir::LogicalResult lower(horn::WhileOp op) {
    llvm::SmallVector<Value> places = start(op.getInit(), op.getOutputs()), arguments = places;
    llvm::append_range(arguments, all_of(op.getInvariants()));
    mlir::OpBuilder::InsertionGuard guard(b_);
    auto loop = mlir::scf::WhileOp::create(b_, loc_, mlir::TypeRange{}, mlir::ValueRange{});
    b_.createBlock(&loop.getBefore());
    Body condition(b_, op.getCondition(), buffers_, target_);
    for (auto [argument, buffer] : llvm::zip_equal(condition.block().getArguments(), arguments))
      condition.bind(argument, buffer);
    Value answer = buffers_.scratch(b_.getI8Type(), 1);
    if (mlir::failed(condition.lower(answer, mlir::BlockArgument()))) return mlir::failure();
    mlir::scf::ConditionOp::create(b_, loc_, is_true(answer), mlir::ValueRange{});
    b_.createBlock(&loop.getAfter());
    Body body(b_, op.getBody(), buffers_, target_);
    for (auto [argument, buffer] : llvm::zip_equal(body.block().getArguments(), arguments)) body.bind(argument, buffer);
    llvm::SmallVector<mlir::BlockArgument> carried(body.block().getArguments().take_front(places.size()));
    if (mlir::failed(body.lower(places, carried))) return mlir::failure();
    mlir::scf::YieldOp::create(b_, loc_);
    return mlir::success();
  }

 private:
  Value index(int64_t value) { return mlir::arith::ConstantIndexOp::create(b_, loc_, value); }
  llvm::SmallVector<Value> all_of(mlir::ValueRange values) {
    llvm::SmallVector<Value> all;
    for (Value value : values) all.push_back(buffers_.of(stored(value)));
    return all;
  }
  // The buffers of the carried values: those of the results, filled with the initial values.
  llvm::SmallVector<Value> start(mlir::ValueRange init, mlir::ResultRange outputs) {
    llvm::SmallVector<Value> places;
    for (auto [value, output] : llvm::zip(init, outputs)) {
      places.push_back(buffers_.out(output));
      copy(b_, value, places.back(), plan_, buffers_, target_);
    }
    return places;
  }
  Value is_true(Value buffer) {
    Value stored = mlir::memref::LoadOp::create(b_, loc_, buffer, index(0));
    Value zero = mlir::arith::ConstantOp::create(b_, loc_, b_.getI8IntegerAttr(0));
    return mlir::arith::CmpIOp::create(b_, loc_, mlir::arith::CmpIPredicate::ne, stored, zero);
  }

  mlir::OpBuilder& b_;
  mlir::Location loc_;
  const Plan& plan_;
  Buffers& buffers_;
  const Target& target_;
};

}  // namespace

mlir::LogicalResult lower_control(mlir::OpBuilder& builder, mlir::Operation* op, const Plan& plan, Buffers& buffers,
                                  const Target& target) {
  ControlLowering lowering(builder, op, plan, buffers, target);
  if (auto scan = llvm::dyn_cast<horn::ScanOp>(op)) return lowering.lower(scan);
  if (auto cond = llvm::dyn_cast<horn::CondOp>(op)) return lowering.lower(cond);
  return lowering.lower(llvm::cast<horn::WhileOp>(op));
}

}  // namespace hornbeam::passes
