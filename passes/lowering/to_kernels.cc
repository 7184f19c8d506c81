// From a job on tensors to a step on buffers: where each value lies, and the kernels of the groups in their order.
#include "passes/lowering/to_kernels.h"

#include "passes/fusion/plan.h"
#include "passes/fusion/schedule.h"
#include "passes/lowering/entry.h"
#include "passes/lowering/kernels.h"
#include "passes/lowering/region.h"

namespace hornbeam::passes {
namespace {

using mlir::Value;

class StepLowering : Buffers {
 public:
  StepLowering(mlir::func::FuncOp job, const Target& target)
      : job_(job), target_(target), b_(job), loc_(job.getLoc()) {}

  mlir::LogicalResult run() {
    mlir::FailureOr<Plan> plan = read_plan(job_.front());
    auto replaced = replaced_by_results(job_);
    if (mlir::failed(plan) || mlir::failed(replaced)) return mlir::failure();
    llvm::SmallVector<Update> updates = read_updates(job_.front(), *plan, *replaced);
    for (const Update& update : updates)
      if (update.writer) place_of_[update.value] = update.state;
    open_function();
    for (auto& group : plan->groups)
      if (mlir::failed(lower_group(b_, *group, *plan, *this, target_))) return mlir::failure();
    store_outputs();
    copy_updates(*plan, updates);
    mlir::func::ReturnOp::create(b_, loc_);
    job_.erase();
    return mlir::success();
  }

 private:
  void open_function() {
    llvm::SmallVector<mlir::Type> types;
    llvm::SmallVector<mlir::DictionaryAttr> attributes;
    auto add = [&](mlir::Type tensor, mlir::DictionaryAttr known, llvm::StringRef role) {
      mlir::NamedAttrList list(known);
      list.set(horn::kRoleAttr, b_.getStringAttr(role));
      list.set(kTypeAttr, mlir::TypeAttr::get(tensor));
      types.push_back(flat_buffer(tensor));
      attributes.push_back(list.getDictionary(b_.getContext()));
    };
    for (mlir::BlockArgument argument : job_.getArguments()) {
      unsigned i = argument.getArgNumber();
      add(argument.getType(), job_.getArgAttrDict(i),
          job_.getArgAttrOfType<mlir::StringAttr>(i, horn::kRoleAttr).getValue());
    }
    for (auto [i, value] : llvm::enumerate(job_.front().getTerminator()->getOperands())) {
      if (job_.getResultAttrOfType<mlir::StringAttr>(i, horn::kRoleAttr).getValue() == "state") continue;
      outputs_.push_back(value);
      add(value.getType(), job_.getResultAttrDict(i), "output");
    }
    step_ = mlir::func::FuncOp::create(b_, loc_, job_.getName(), b_.getFunctionType(types, {}));
    step_.setAllArgAttrs(attributes);
    if (mlir::Attribute parts = job_->getAttr(kPartsAttr)) step_->setAttr(kPartsAttr, parts);
    b_.setInsertionPointToStart(step_.addEntryBlock());
    for (mlir::BlockArgument argument : job_.getArguments())
      buffers_[argument] = step_.getArgument(argument.getArgNumber());
  }

  // ---- Buffers
  Value of(Value value) override {
    if (Value known = buffers_.lookup(value)) return known;
    if (auto constant = value.getDefiningOp<horn::ConstantOp>()) return buffers_[value] = global(constant);
    return out(value);
  }
  Value out(Value value) override {
    if (auto state = place_of_.find(value); state != place_of_.end()) return buffers_.lookup(state->second);
    Value& buffer = buffers_[value];
    if (!buffer) buffer = mlir::memref::AllocOp::create(b_, loc_, flat_buffer(value.getType()));
    return buffer;
  }
  Value scratch(mlir::Type element, int64_t n) override {
    return mlir::memref::AllocOp::create(b_, loc_, mlir::MemRefType::get({n}, element));
  }
  Value global(horn::ConstantOp constant) {
    auto elements = llvm::cast<mlir::DenseElementsAttr>(constant.getValue());
    mlir::MemRefType type = flat_buffer(constant.getType());
    mlir::Type element = type.getElementType();
    llvm::SmallVector<mlir::Attribute> values;
    for (mlir::Attribute value : elements.getValues<mlir::Attribute>()) {
      auto integer = llvm::dyn_cast<mlir::IntegerAttr>(value);
      values.push_back(
          integer ? mlir::IntegerAttr::get(element, integer.getValue().zext(std::max(element.getIntOrFloatBitWidth(),
                                                                                     integer.getValue().getBitWidth())))
                  : value);
    }
    auto content = mlir::DenseElementsAttr::get(mlir::RankedTensorType::get(type.getShape(), element), values);
    mlir::OpBuilder at(step_);
    std::string name = (job_.getName() + "_constant_" + std::to_string(constants_++)).str();
    mlir::memref::GlobalOp::create(at, loc_, name, at.getStringAttr("private"), type, content, /*constant=*/true,
                                   at.getI64IntegerAttr(64));
    return mlir::memref::GetGlobalOp::create(b_, loc_, type, name);
  }

  void store_outputs() {
    Value first;
    for (auto [i, value] : llvm::enumerate(outputs_)) {
      if (!first) first = mlir::arith::ConstantIndexOp::create(b_, loc_, 0);
      hk::StoreRowsOp::create(b_, loc_, of(stored(value)), step_.getArgument(job_.getNumArguments() + i), first,
                              units_for_copy(elements_of(value.getType()), target_));
    }
  }

  void copy(Value from, Value to, mlir::Type tensor, const Plan& plan) {
    int64_t n = elements_of(tensor);
    Access flat_access = Access::identity(1);
    RegionBuilder region(loc_, 1, {}, plan, *this);
    Linear at = flat_access.flatten({n}, 1);
    mlir::Type element = llvm::cast<mlir::MemRefType>(from.getType()).getElementType();
    region.write(region.read_buffer(from, at, element), to, at);
    RegionBuilder::Parts parts = region.take();
    auto op = hk::MapOp::create(b_, loc_, parts.extras, parts.outs, llvm::ArrayRef<int64_t>{n}, parts.access,
                                units_for_copy(n, target_), llvm::ArrayRef<int64_t>{});
    op.getEpilogue().takeBody(*parts.region);
  }

  // Updates that could not be written in place. Variables that exchange their values go by way of temporaries.
  void copy_updates(const Plan& plan, llvm::ArrayRef<Update> updates) {
    llvm::SmallVector<std::pair<Value, const Update*>> late;
    for (const Update& update : updates) {
      if (update.writer) continue;
      Value from = of(stored(update.value));
      if (llvm::isa<mlir::BlockArgument>(stored(update.value))) {
        Value kept =
            scratch(llvm::cast<mlir::MemRefType>(from.getType()).getElementType(), elements_of(update.value.getType()));
        copy(from, kept, update.value.getType(), plan);
        from = kept;
      }
      late.push_back({from, &update});
    }
    for (auto [from, update] : late) copy(from, buffers_.lookup(update->state), update->value.getType(), plan);
  }

  mlir::func::FuncOp job_;
  const Target& target_;
  mlir::OpBuilder b_;
  mlir::Location loc_;
  mlir::func::FuncOp step_;
  llvm::SmallVector<Value> outputs_;
  llvm::DenseMap<Value, Value> place_of_;  // a value written in place → its state argument
  llvm::DenseMap<Value, Value> buffers_;
  int constants_ = 0;
};

class ToKernels : public mlir::PassWrapper<ToKernels, mlir::OperationPass<mlir::ModuleOp>> {
 public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ToKernels)
  ToKernels() = default;
  explicit ToKernels(const Target& target) : target_(target) { threads_ = target.threads; }
  ToKernels(const ToKernels& other) : PassWrapper(other), target_(other.target_) {}

  llvm::StringRef getArgument() const final { return "horn-to-kernels"; }
  llvm::StringRef getDescription() const final { return "Lower jobs of scheduled groups to hk kernels on buffers"; }
  void getDependentDialects(mlir::DialectRegistry& registry) const override {
    registry.insert<hk::HKDialect, mlir::arith::ArithDialect, mlir::math::MathDialect, mlir::memref::MemRefDialect>();
  }
  void runOnOperation() override {
    target_.threads = threads_;
    for (mlir::func::FuncOp job : llvm::make_early_inc_range(getOperation().getOps<mlir::func::FuncOp>()))
      if (mlir::failed(StepLowering(job, target_).run())) return signalPassFailure();
  }

 private:
  Target target_;
  Option<int> threads_{*this, "threads", llvm::cl::desc("the most threads that an entry may use"), llvm::cl::init(1)};
};

}  // namespace

std::unique_ptr<mlir::Pass> create_to_kernels_pass(const Target& target) { return std::make_unique<ToKernels>(target); }
std::unique_ptr<mlir::Pass> create_to_kernels_pass() { return std::make_unique<ToKernels>(); }

}  // namespace hornbeam::passes
