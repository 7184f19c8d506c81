// The gradients of scan and cond. That of a scan is a scan the other way round. What the first computes and the second
// needs is either saved, as one more output of the first, or computed again where that is cheap; sums over the steps of
// products become one product behind the loop, unless that takes too much memory.
#include <functional>

#include <mlir/IR/IRMapping.h>

#include "ir/horn.h"
#include "ir/ops/backpropagate.h"
#include "ir/ops/make.h"

namespace hornbeam::horn {

using namespace mlir;

namespace {

// Ops that move elements, or that cost less than to store and load what they give.
bool is_move(Operation* op) { return isa<BroadcastOp, ReshapeOp, TransposeOp, SliceOp, ReverseOp, CastOp>(op); }
bool is_cheap(Operation* op) {
  return is_move(op) || isa<ConstantOp, IotaOp, AddOp, SubtractOp, MultiplyOp, NegativeOp, AbsOp, SignOp, MaximumOp,
                            MinimumOp, ReluOp, FloorOp, CeilOp, RoundOp, SelectOp, StopGradientOp, EqualOp, NotEqualOp,
                            LessOp, LessEqualOp, GreaterOp, GreaterEqualOp, LogicalAndOp, LogicalOrOp, LogicalXorOp,
                            LogicalNotOp, IsNanOp, IsFiniteOp, IsInfOp, RandomUniformOp>(op);
}

// New stacks of more bytes than this are made only where the sum of what is stacked is large, too.
constexpr int64_t kLargeStack = int64_t{16} << 20;
constexpr int64_t kStackOverSum = 4;

RankedTensorType stacked_type(int64_t length, Type slice) {
  SmallVector<int64_t> shape{length};
  llvm::append_range(shape, tensor(slice).getShape());
  return RankedTensorType::get(shape, tensor(slice).getElementType());
}

SmallVector<int64_t> shifted(Dims axes, bool with_first) {
  SmallVector<int64_t> out;
  if (with_first) out.push_back(0);
  for (int64_t axis : axes) out.push_back(axis + 1);
  return out;
}

class ScanGradient {
 public:
  ScanGradient(ScanOp op, OpBuilder& builder, ValueRange cotangents)
      : op_(op), b_(builder), g_(cotangents), loc_(op.getLoc()), length_(op.getLength()) {
    region_.push_back(new Block);
    body_ = &region_.front();
  }
  ~ScanGradient() {
    for (Operation& op : *body_) op.dropAllReferences();
  }

  LogicalResult run(SmallVectorImpl<Value>& grads) {
    copy_forward_body();
    if (failed(differentiate())) return failure();
    choose_residuals();
    save_residuals();
    create_backward_scan();
    collect(grads);
    return success();
  }

 private:
  // What the backward scan gives, in the making: a function of the finished scan.
  using Build = std::function<Value(const Make&)>;

  // The body's ops, then a yield that holds what the body yields, come into the backward body first.
  void copy_forward_body() {
    Block& source = op_.getBody().front();
    IRMapping map;
    for (BlockArgument argument : source.getArguments())
      map.map(argument, body_->addArgument(argument.getType(), loc_));
    inner_.setInsertionPointToEnd(body_);
    for (Operation& op : source.without_terminator()) inner_.clone(op, map);
    SmallVector<Value> yields;
    for (Value value : op_.yielded()) yields.push_back(map.lookupOrDefault(value));
    forward_end_ = YieldOp::create(inner_, loc_, yields);
    carried_ = SmallVector<Value>(arguments(0, op_.getInit().size()));
    slices_ = SmallVector<Value>(arguments(carried_.size(), op_.getXs().size()));
    invariants_ = SmallVector<Value>(arguments(carried_.size() + slices_.size(), op_.getInvariants().size()));
    for (auto [slice, xs] : llvm::zip_equal(slices_, op_.getXs())) stacked_of_[slice] = xs;
  }
  ArrayRef<BlockArgument> arguments(size_t first, size_t count) {
    return ArrayRef<BlockArgument>(body_->getArguments()).slice(first, count);
  }

  LogicalResult differentiate() {
    llvm::DenseMap<Value, Value> cotangents;
    SmallVector<Operation*> ops;
    for (Operation& op : *body_)
      if (&op != forward_end_) ops.push_back(&op);
    SmallVector<Value> wrt;
    for (auto* list : {&carried_, &slices_, &invariants_})
      for (Value value : *list)
        if (is_float(value)) wrt.push_back(value);
    llvm::DenseSet<Value> depending = dependents(ops, wrt);
    auto seed = [&](Value value, Value cotangent) {
      if (depending.contains(value)) add_cotangent(inner_, loc_, cotangents, value, cotangent);
    };
    // Seeds are read before the ops' vjps may replace what is yielded.
    for (auto [i, value] : llvm::enumerate(carried_)) {
      if (!is_float(value)) continue;
      carried_cotangents_.push_back(body_->addArgument(value.getType(), loc_));
      initial_.push_back(g_[i] ? g_[i] : Make{b_, loc_}.zeros_like(op_.getInit()[i]));
      seed(forward_end_->getOperand(i), carried_cotangents_.back());
    }
    for (size_t i = 0; i < op_.stacked().size(); ++i) {
      Value stacked = g_[carried_.size() + i], value = forward_end_->getOperand(carried_.size() + i);
      if (!stacked) continue;
      Value slice = body_->addArgument(value.getType(), loc_);
      stacked_of_[slice] = stacked;
      seed(value, slice);
    }
    if (failed(backpropagate(inner_, ops, depending, cotangents))) return failure();

    Make m{inner_, loc_};
    for (Value value : carried_)
      if (is_float(value)) {
        Value cotangent = cotangents.lookup(value);
        new_carries_.push_back(cotangent ? cotangent : m.zeros_like(value));
      }
    for (Value slice : slices_) {
      Value cotangent = cotangents.lookup(slice);
      slice_gradients_.push_back(cotangent ? request(cotangent) : -1);
    }
    for (Value invariant : invariants_) {
      Value cotangent = cotangents.lookup(invariant);
      invariant_gradients_.push_back(cotangent ? sum_over_steps(cotangent) : Build());
    }
    SmallVector<Value> yields(new_carries_);
    yields.append(accumulated_);
    yields.append(requests_);
    end_ = YieldOp::create(inner_, loc_, yields);
    return success();
  }

  bool changes_by_step(Value value) {
    if (isa<BlockArgument>(value)) return !llvm::is_contained(invariants_, value);
    auto [at, is_new] = changes_.try_emplace(value, false);
    if (!is_new) return at->second;
    bool changes = llvm::any_of(value.getDefiningOp()->getOperands(), [&](Value v) { return changes_by_step(v); });
    return changes_[value] = changes;
  }

  // A number for `value`'s slices of all steps as one tensor, to be had when the scan is made.
  int request(Value value) {
    auto at = llvm::find(requests_, value);
    if (at != requests_.end()) return static_cast<int>(at - requests_.begin());
    requests_.push_back(value);
    return static_cast<int>(requests_.size()) - 1;
  }

  // The sum of `value` over all steps.
  Build sum_over_steps(Value value) {
    Operation* op = value.getDefiningOp();
    if (op && changes_by_step(value)) {
      if (auto add = dyn_cast<AddOp>(op)) {
        Build x = sum_over_steps(add.getX()), y = sum_over_steps(add.getY());
        return [=](const Make& m) { return m.add(x(m), y(m)); };
      }
      if (auto negative = dyn_cast<NegativeOp>(op)) {
        Build x = sum_over_steps(negative.getX());
        return [=](const Make& m) { return m.neg(x(m)); };
      }
      if (isa<TransposeOp, ReshapeOp>(op)) return sum_of_moved(op);
      if (auto dot = dyn_cast<DotOp>(op);
          dot && changes_by_step(dot.getLhs()) && changes_by_step(dot.getRhs()) && is_worth_stacking(dot))
        return sum_of_products(dot);
      if (auto kernel = dyn_cast<ConvBackwardKernelOp>(op);
          kernel && changes_by_step(kernel.getX()) && changes_by_step(kernel.getDy()))
        return sum_of_kernel_gradients(kernel);
      if (auto sum = dyn_cast<ReduceSumOp>(op); sum && !sum.getX().hasOneUse()) {
        int x = request(sum.getX());
        SmallVector<int64_t> axes = shifted(sum.getAxes(), true);
        return [=, this](const Make& m) { return m.sum(stacked(x), axes); };
      }
    }
    // Nothing better: added up in a carried value.
    Value total = body_->addArgument(value.getType(), loc_);
    totals_.push_back(total);
    size_t number = accumulated_.size();
    accumulated_.push_back(Make{inner_, loc_}.add(total, value));
    return [=, this](const Make&) -> Value { return scan_.getOutputs()[carried_cotangents_.size() + number]; };
  }
  Build sum_of_moved(Operation* op) {
    Build x = sum_over_steps(op->getOperand(0));
    if (auto transpose = dyn_cast<TransposeOp>(op)) {
      SmallVector<int64_t> permutation(transpose.getPermutation());
      return [=](const Make& m) { return m.transpose(x(m), permutation); };
    }
    SmallVector<int64_t> shape(dims(op->getResult(0)));
    return [=](const Make& m) { return m.reshape(x(m), shape); };
  }
  Build sum_of_products(DotOp dot) {
    SmallVector<int64_t> lhs_contract(dot.getLhsContract()), rhs_contract(dot.getRhsContract());
    SmallVector<int64_t> lhs_batch(dot.getLhsBatch()), rhs_batch(dot.getRhsBatch());
    int lhs = request(dot.getLhs()), rhs = request(dot.getRhs());
    return [=, this](const Make& m) {
      return m.make<DotOp>(stacked(lhs), stacked(rhs), shifted(lhs_contract, true), shifted(rhs_contract, true),
                           shifted(lhs_batch, false), shifted(rhs_batch, false));
    };
  }
  // Factors that nobody else wants stacked may take far more memory than their product (the scores of attention in
  // blocks, whose point is not to have them): then the product is added up step by step.
  bool is_worth_stacking(DotOp dot) {
    auto bytes = [](Value value) {
      return tensor(value).getNumElements() * static_cast<int64_t>(element(value).getIntOrFloatBitWidth()) / 8;
    };
    int64_t stacks = 0;
    for (Value factor : {dot.getLhs(), dot.getRhs()})
      if (!isa<BlockArgument>(factor) && !is_forward(factor) && !llvm::is_contained(requests_, factor))
        stacks += length_ * bytes(factor);
    return stacks <= kLargeStack || stacks <= kStackOverSum * bytes(dot.getResult());
  }
  // Steps and batch are one axis of more examples.
  Build sum_of_kernel_gradients(ConvBackwardKernelOp op) {
    int x = request(op.getX()), dy = request(op.getDy());
    SmallVector<int64_t> kernel(op.getKernelShape()), strides(op.getStrides()), padding(op.getPadding()),
        dilation(op.getDilation());
    int64_t groups = op.getGroups();
    auto flat = [](const Make& m, Value stacked) {
      SmallVector<int64_t> shape(dims(stacked).drop_front());
      shape[0] *= dims(stacked)[0];
      return m.reshape(stacked, shape);
    };
    return [=, this](const Make& m) {
      return m.make<ConvBackwardKernelOp>(flat(m, stacked(x)), flat(m, stacked(dy)), kernel, strides, padding, dilation,
                                          groups);
    };
  }

  // ---- Residuals
  bool is_forward(Value value) {
    Operation* op = value.getDefiningOp();
    return op && op->isBeforeInBlock(forward_end_);
  }
  // Whether the value can be had from what is there, by cheap ops or by ops on invariants.
  bool is_available(Value value) {
    if (isa<BlockArgument>(value)) return !llvm::is_contained(carried_, value) || saved_.contains(value);
    if (saved_.contains(value)) return true;
    Operation* op = value.getDefiningOp();
    if (!is_cheap(op) && changes_by_step(value)) return false;
    return llvm::all_of(op->getOperands(), [&](Value operand) { return is_available(operand); });
  }
  void choose_residuals() {
    // Operands of the backward ops, in the forward ops' order.
    llvm::SetVector<Value> needed;
    for (Operation* op = forward_end_->getNextNode(); op; op = op->getNextNode())
      for (Value operand : op->getOperands())
        if (is_forward(operand) || llvm::is_contained(carried_, operand)) needed.insert(operand);
    // A value that only moves elements of another is saved as the other.
    auto origin = [&](Value value) {
      while (is_forward(value) && is_move(value.getDefiningOp()) &&
             tensor(value.getDefiningOp()->getOperand(0)).getNumElements() <= tensor(value).getNumElements())
        value = value.getDefiningOp()->getOperand(0);
      return value;
    };
    for (bool cheap : {false, true})
      for (Value value : needed) {
        bool is_cheap_value = is_forward(value) && is_cheap(value.getDefiningOp());
        if (is_cheap_value == cheap && !is_available(value)) saved_.insert(origin(value));
      }
  }

  // Puts a scan that also gives the residuals in the place of the op.
  void save_residuals() {
    auto forward = ScanOp::create(b_, loc_, TypeRange(), op_.getInit(), op_.getXs(), op_.getInvariants(),
                                  op_.getLength(), op_.getReverse());
    forward->moveBefore(op_);
    Block* block = new Block;
    forward.getBody().push_back(block);
    IRMapping map;
    for (auto* list : {&carried_, &slices_, &invariants_})
      for (Value value : *list) map.map(value, block->addArgument(value.getType(), loc_));
    OpBuilder builder = OpBuilder::atBlockEnd(block);
    for (Operation* op = &body_->front(); op != forward_end_; op = op->getNextNode()) builder.clone(*op, map);
    SmallVector<Value> yields;
    SmallVector<Type> types(op_.getOutputs().getTypes());
    for (Value value : forward_end_->getOperands()) yields.push_back(map.lookup(value));
    size_t outputs = yields.size();
    SmallVector<std::pair<Value, size_t>> place;  // a residual → the result that has it
    for (Value value : saved_) {
      Value inside = map.lookup(value);
      size_t at = llvm::find(ArrayRef(yields).drop_front(carried_.size()), inside) - yields.begin();
      if (at == yields.size()) {
        yields.push_back(inside);
        types.push_back(stacked_type(length_, inside.getType()));
      }
      place.push_back({value, at});
    }
    YieldOp::create(builder, loc_, yields);
    erase_dead(*block);
    forward = with_results(forward, types);
    op_->replaceAllUsesWith(forward.getOutputs().take_front(outputs));
    for (auto [value, at] : place) {
      Value slice = body_->addArgument(value.getType(), loc_);
      stacked_of_[slice] = forward.getOutputs()[at];
      value.replaceAllUsesWith(slice);
    }
    forward_end_->erase();
    erase_dead(*body_);
  }
  // The results of an op are fixed when it is made.
  static ScanOp with_results(ScanOp op, TypeRange types) {
    OpBuilder builder(op);
    auto made = ScanOp::create(builder, op.getLoc(), types, op.getInit(), op.getXs(), op.getInvariants(),
                               op.getLength(), op.getReverse());
    made.getBody().takeBody(op.getBody());
    op.erase();
    return made;
  }
  static void erase_dead(Block& block) {
    for (Operation& op : llvm::make_early_inc_range(llvm::reverse(block)))
      if (isOpTriviallyDead(&op)) op.erase();
  }

  // ---- The backward scan
  void create_backward_scan() {
    size_t carried = new_carries_.size() + accumulated_.size();
    SmallVector<Value> yields(end_->getOperands());
    // What is a slice of something is there already.
    SmallVector<Value> outputs;
    for (Value value : ArrayRef(yields).drop_front(carried)) {
      if (stacked_of_.contains(value)) {
        places_.push_back({stacked_of_.lookup(value), 0});
        continue;
      }
      size_t at = llvm::find(outputs, value) - outputs.begin();
      if (at == outputs.size()) outputs.push_back(value);
      places_.push_back({Value(), carried + at});
    }
    yields.truncate(carried);
    yields.append(outputs);
    end_->setOperands(yields);

    Make m{b_, loc_};
    SmallVector<Value> init(initial_), xs, invariants, order(carried_cotangents_);
    for (Value total : totals_) {
      init.push_back(m.zeros_like(total));
      order.push_back(total);
    }
    for (BlockArgument argument : body_->getArguments())
      if (Value stacked = stacked_of_.lookup(argument); stacked && !argument.use_empty()) {
        xs.push_back(stacked);
        order.push_back(argument);
      }
    for (auto [inside, outside] : llvm::zip_equal(invariants_, op_.getInvariants()))
      if (!inside.use_empty()) {
        invariants.push_back(outside);
        order.push_back(inside);
      }
    SmallVector<Type> types;
    for (auto [i, value] : llvm::enumerate(yields))
      types.push_back(i < carried ? value.getType() : stacked_type(length_, value.getType()));
    scan_ = ScanOp::create(b_, loc_, types, init, xs, invariants, op_.getLength(), !op_.getReverse());
    Block* block = new Block;
    scan_.getBody().push_back(block);
    for (Value argument : order) argument.replaceAllUsesWith(block->addArgument(argument.getType(), loc_));
    block->getOperations().splice(block->end(), body_->getOperations());
  }
  Value stacked(int request) {
    auto [there, number] = places_[request];
    return there ? there : Value(scan_.getOutputs()[number]);
  }

  void collect(SmallVectorImpl<Value>& grads) {
    Make m{b_, loc_};
    size_t number = 0;
    for (Value value : op_.getInit()) grads.push_back(is_float(value) ? Value(scan_.getOutputs()[number++]) : Value());
    for (int request : slice_gradients_) grads.push_back(request < 0 ? Value() : stacked(request));
    for (const Build& build : invariant_gradients_) grads.push_back(build ? build(m) : Value());
  }

  ScanOp op_;
  OpBuilder& b_;
  ValueRange g_;
  Location loc_;
  int64_t length_;
  Region region_;  // the backward body, until the scan is made
  Block* body_;
  OpBuilder inner_{loc_.getContext()};
  Operation* forward_end_ = nullptr;  // between the forward body's copy and what is derived from it
  Operation* end_ = nullptr;
  SmallVector<Value> carried_, slices_, invariants_;  // the forward body's arguments
  llvm::DenseMap<Value, Value> stacked_of_;           // an argument that is a slice → all of it
  SmallVector<Value> carried_cotangents_, initial_, new_carries_;
  SmallVector<Value> totals_, accumulated_;  // sums over the steps
  SmallVector<Value> requests_;
  SmallVector<int> slice_gradients_;
  std::vector<Build> invariant_gradients_;
  llvm::DenseMap<Value, bool> changes_;
  llvm::SetVector<Value> saved_;
  ScanOp scan_;
  SmallVector<std::pair<Value, size_t>> places_;  // of each request: the tensor, or its number in the scan's results
};

}  // namespace

void ScanOp::vjp(OpBuilder& builder, ValueRange cotangents, SmallVectorImpl<Value>& grads) {
  if (failed(ScanGradient(*this, builder, cotangents).run(grads))) grads.assign(getNumOperands(), Value());
}

// Both branches are computed again on the arguments, and differentiated.
void CondOp::vjp(OpBuilder& builder, ValueRange cotangents, SmallVectorImpl<Value>& grads) {
  SmallVector<Value> args(getArgs()), wrt;
  SmallVector<size_t> given;  // the results that have a cotangent
  for (auto [i, cotangent] : llvm::enumerate(cotangents))
    if (cotangent) {
      args.push_back(cotangent);
      given.push_back(i);
    }
  for (Value arg : getArgs())
    if (is_float(arg)) wrt.push_back(arg);
  auto made = CondOp::create(builder, getLoc(), ValueRange(wrt).getTypes(), getPred(), args);
  bool done = true;
  for (auto [from, to] : {std::pair(&getThenBody(), &made.getThenBody()), {&getElseBody(), &made.getElseBody()}}) {
    Block* block = new Block;
    to->push_back(block);
    for (Value arg : args) block->addArgument(arg.getType(), getLoc());
    IRMapping map;
    for (BlockArgument argument : from->front().getArguments())
      map.map(argument, block->getArgument(argument.getArgNumber()));
    OpBuilder inner = OpBuilder::atBlockEnd(block);
    SmallVector<Operation*> ops;
    for (Operation& op : from->front().without_terminator()) ops.push_back(inner.clone(op, map));
    SmallVector<Value> inside;
    for (BlockArgument argument : block->getArguments().take_front(getArgs().size()))
      if (is_float(argument)) inside.push_back(argument);
    llvm::DenseSet<Value> depending = dependents(ops, inside);
    llvm::DenseMap<Value, Value> inner_cotangents;
    for (auto [i, number] : llvm::enumerate(given)) {
      Value value = map.lookupOrDefault(from->front().getTerminator()->getOperand(number));
      if (depending.contains(value))
        add_cotangent(inner, getLoc(), inner_cotangents, value, block->getArgument(getArgs().size() + i));
    }
    done &= succeeded(backpropagate(inner, ops, depending, inner_cotangents));
    SmallVector<Value> yields;
    for (Value value : inside) {
      Value cotangent = inner_cotangents.lookup(value);
      yields.push_back(cotangent ? cotangent : Make{inner, getLoc()}.zeros_like(value));
    }
    YieldOp::create(inner, getLoc(), yields);
    for (Operation& op : llvm::make_early_inc_range(llvm::reverse(*block)))
      if (isOpTriviallyDead(&op)) op.erase();
  }
  grads.push_back(Value());
  size_t number = 0;
  for (Value arg : getArgs()) grads.push_back(done && is_float(arg) ? Value(made.getOutputs()[number++]) : Value());
}

}  // namespace hornbeam::horn
