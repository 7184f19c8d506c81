#include "passes/lowering/fuse_steps.h"

#include <llvm/ADT/StringSet.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>

#include "ir/types.h"
#include "passes/lowering/entry.h"
#include "passes/lowering/kernels.h"

namespace hornbeam::passes {
namespace {

using mlir::Value;

mlir::RankedTensorType tensor_of(mlir::func::FuncOp step, unsigned i) {
  return llvm::cast<mlir::RankedTensorType>(step.getArgAttrOfType<mlir::TypeAttr>(i, kTypeAttr).getValue());
}
llvm::StringRef role_of(mlir::func::FuncOp step, unsigned i) {
  return step.getArgAttrOfType<mlir::StringAttr>(i, horn::kRoleAttr).getValue();
}
llvm::StringRef name_of(mlir::func::FuncOp step, unsigned i) {
  return step.getArgAttrOfType<mlir::StringAttr>(i, horn::kNameAttr).getValue();
}

mlir::LogicalResult check_attributes(mlir::func::FuncOp step) {
  for (unsigned i = 0; i < step.getNumArguments(); ++i)
    if (!step.getArgAttrOfType<mlir::StringAttr>(i, horn::kRoleAttr) ||
        !step.getArgAttrOfType<mlir::StringAttr>(i, horn::kNameAttr) ||
        !step.getArgAttrOfType<mlir::TypeAttr>(i, kTypeAttr))
      return step.emitError("has an argument without a role, a name and a type: horn-to-kernels makes steps");
  return mlir::success();
}

class StepFusion {
 public:
  StepFusion(mlir::func::FuncOp step, llvm::ArrayRef<StatePlace> state, const Target& target)
      : step_(step), state_(state), target_(target), b_(step), loc_(step.getLoc()) {}

  mlir::LogicalResult run() {
    if (mlir::failed(read_arguments())) return mlir::failure();
    open_function();
    view_state();
    Value zero = mlir::arith::ConstantIndexOp::create(b_, loc_, 0),
          one = mlir::arith::ConstantIndexOp::create(b_, loc_, 1);
    Value turns = tail_argument(entry_, EntryTail::steps);
    if (parts_ > 1)
      turns = mlir::arith::MulIOp::create(b_, loc_, turns, mlir::arith::ConstantIndexOp::create(b_, loc_, parts_));
    auto loop = mlir::scf::ForOp::create(b_, loc_, zero, turns, one);
    mlir::func::ReturnOp::create(b_, loc_);
    b_.setInsertionPoint(loop.getBody()->getTerminator());
    gather_inputs(loop.getInductionVar());
    step_.front().getTerminator()->erase();
    loop.getBody()->getOperations().splice(b_.getInsertionPoint(), step_.front().getOperations());
    connect_outputs(loop.getInductionVar());
    step_.erase();
    return mlir::success();
  }

 private:
  mlir::LogicalResult read_arguments() {
    if (auto parts = step_->getAttrOfType<mlir::IntegerAttr>(kPartsAttr)) parts_ = parts.getInt();
    llvm::StringMap<const StatePlace*> places;
    for (const StatePlace& place : state_) places[place.name] = &place;
    for (mlir::BlockArgument argument : step_.getArguments()) {
      unsigned i = argument.getArgNumber();
      llvm::StringRef name = name_of(step_, i);
      ir::Type type = ir::from_mlir(tensor_of(step_, i));
      if (role_of(step_, i) == "output") {
        outputs_.push_back(argument);
      } else if (role_of(step_, i) == "state") {
        auto place = places.find(name);
        if (place == places.end())
          return step_.emitError("names the state variable ") << name << ", which is not laid out";
        if (type != ir::Type{place->second->dtype, place->second->shape})
          return step_.emitError("has the state variable ")
                 << name << " as " << tensor_of(step_, i) << "; its place is for another type";
        places_[argument] = place->second;
      } else {
        if (type.shape.empty()) return step_.emitError("has the batch ") << name << " without a batch axis";
        if (batches_.empty()) batch_size_ = type.shape[0];
        if (type.shape[0] != batch_size_) return step_.emitError("has batches of different sizes");
        batches_.push_back(argument);
      }
    }
    return mlir::success();
  }

  // A buffer of kManyRows times what one step (or, for a batch, one row) has.
  static mlir::MemRefType many(mlir::MemRefType one, int64_t of = 1) {
    return mlir::MemRefType::get({one.getNumElements() / of * kManyRows}, one.getElementType());
  }
  void open_function() {
    int64_t segments[3] = {1, 1, 1};
    for (const StatePlace& place : state_) {
      int64_t end = place.offset + place.shape.num_elements() * static_cast<int64_t>(size_of(place.dtype));
      segments[place.segment] = std::max(segments[place.segment], end);
    }
    llvm::SmallVector<mlir::Type> types;
    for (int64_t segment : segments) types.push_back(mlir::MemRefType::get({segment}, b_.getI8Type()));
    types.push_back(mlir::MemRefType::get({1}, b_.getI8Type()));  // the arena, not planned yet
    for (mlir::BlockArgument batch : batches_)
      types.push_back(many(llvm::cast<mlir::MemRefType>(batch.getType()), std::max<int64_t>(batch_size_, 1)));
    for (mlir::BlockArgument output : outputs_) types.push_back(many(llvm::cast<mlir::MemRefType>(output.getType())));
    types.push_back(mlir::MemRefType::get({kManyRows}, b_.getI64Type()));
    types.append(3, b_.getIndexType());
    types.push_back(mlir::LLVM::LLVMPointerType::get(b_.getContext()));
    entry_ = mlir::func::FuncOp::create(b_, loc_, ("entry_" + step_.getName()).str(), b_.getFunctionType(types, {}));
    entry_->setAttr(kEntryAttr, step_.getNameAttr());
    entry_->setAttr(kBatchSizeAttr, b_.getI64IntegerAttr(batch_size_ * parts_));
    unsigned next = kFirstPort;
    for (auto* list : {&batches_, &outputs_})
      for (mlir::BlockArgument argument : *list)
        entry_.setArgAttrs(next++, attributes_of_port(argument.getArgNumber()));
    b_.setInsertionPointToStart(entry_.addEntryBlock());
  }

  // A port is of the whole batch.
  mlir::DictionaryAttr attributes_of_port(unsigned i) {
    if (parts_ == 1) return step_.getArgAttrDict(i);
    mlir::NamedAttrList list(step_.getArgAttrDict(i));
    mlir::RankedTensorType part = tensor_of(step_, i);
    llvm::SmallVector<int64_t> dims(part.getShape());
    dims[0] *= parts_;
    list.set(kTypeAttr, mlir::TypeAttr::get(mlir::RankedTensorType::get(dims, part.getElementType(), part.getEncoding())));
    return list.getDictionary(b_.getContext());
  }

  void view_state() {
    for (auto& [argument, place] : places_) {
      Value offset = mlir::arith::ConstantIndexOp::create(b_, loc_, place->offset);
      Value view = mlir::memref::ViewOp::create(b_, loc_, llvm::cast<mlir::MemRefType>(argument.getType()),
                                                entry_.getArgument(place->segment), offset, mlir::ValueRange{});
      argument.replaceAllUsesWith(view);
    }
  }

  void gather_inputs(Value step) {
    for (auto [i, batch] : llvm::enumerate(batches_)) {
      if (batch.use_empty()) continue;
      Value buffer = mlir::memref::AllocOp::create(b_, loc_, llvm::cast<mlir::MemRefType>(batch.getType()));
      hk::GatherRowsOp::create(b_, loc_, entry_.getArgument(kFirstPort + i), tail_argument(entry_, EntryTail::rows),
                               step, buffer, batch_size_,
                               units_for_copy(elements_of(tensor_of(step_, batch.getArgNumber())), target_));
      batch.replaceAllUsesWith(buffer);
    }
  }

  // What a step stores at the start of an output goes behind the earlier steps' results, or over them.
  void connect_outputs(Value step) {
    for (auto [i, output] : llvm::enumerate(outputs_)) {
      auto per_batch = step_.getArgAttrOfType<mlir::BoolAttr>(output.getArgNumber(), horn::kPerBatchAttr);
      int64_t n = llvm::cast<mlir::MemRefType>(output.getType()).getNumElements();
      for (mlir::Operation* user : output.getUsers())
        if (auto store = llvm::dyn_cast<hk::StoreRowsOp>(user); store && (!per_batch || per_batch.getValue())) {
          b_.setInsertionPoint(store);
          Value at = mlir::arith::MulIOp::create(b_, loc_, step, mlir::arith::ConstantIndexOp::create(b_, loc_, n));
          Value first = store.getFirst();
          store.getFirstMutable().assign(at);
          if (first.use_empty()) first.getDefiningOp()->erase();
        }
      output.replaceAllUsesWith(entry_.getArgument(kFirstPort + batches_.size() + i));
    }
  }

  mlir::func::FuncOp step_, entry_;
  llvm::ArrayRef<StatePlace> state_;
  const Target& target_;
  mlir::OpBuilder b_;
  mlir::Location loc_;
  int64_t batch_size_ = 0, parts_ = 1;  // of a turn of the loop; how many turns make a step
  llvm::SmallVector<mlir::BlockArgument> batches_, outputs_;
  llvm::MapVector<mlir::BlockArgument, const StatePlace*> places_;
};

class FuseSteps : public mlir::PassWrapper<FuseSteps, mlir::OperationPass<mlir::ModuleOp>> {
 public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(FuseSteps)
  FuseSteps() = default;
  FuseSteps(const std::vector<StatePlace>& state, const Target& target) : state_(state), target_(target) {
    threads_ = target.threads;
  }
  FuseSteps(const FuseSteps& other) : PassWrapper(other), state_(other.state_), target_(other.target_) {}

  llvm::StringRef getArgument() const final { return "hk-fuse-steps"; }
  llvm::StringRef getDescription() const final {
    return "Make entries that run many steps in one loop, state in place";
  }
  void getDependentDialects(mlir::DialectRegistry& registry) const override {
    registry.insert<hk::HKDialect, mlir::arith::ArithDialect, mlir::scf::SCFDialect, mlir::memref::MemRefDialect,
                    mlir::LLVM::LLVMDialect>();
  }
  void runOnOperation() override {
    target_.threads = threads_;
    for (mlir::func::FuncOp step : getOperation().getOps<mlir::func::FuncOp>())
      if (mlir::failed(check_attributes(step))) return signalPassFailure();
    std::vector<StatePlace> places = state_ ? *state_ : in_order_of_names();
    for (mlir::func::FuncOp step : llvm::make_early_inc_range(getOperation().getOps<mlir::func::FuncOp>()))
      if (mlir::failed(StepFusion(step, places, target_).run())) return signalPassFailure();
  }

 private:
  std::vector<StatePlace> in_order_of_names() {
    std::vector<StatePlace> places;
    llvm::StringSet<> seen;
    int64_t offset = 0;
    for (mlir::func::FuncOp step : getOperation().getOps<mlir::func::FuncOp>())
      for (unsigned i = 0; i < step.getNumArguments(); ++i) {
        if (role_of(step, i) != "state" || !seen.insert(name_of(step, i)).second) continue;
        ir::Type type = ir::from_mlir(tensor_of(step, i));
        places.push_back({name_of(step, i).str(), type.dtype, type.shape, 0, offset});
        offset += llvm::alignTo(type.shape.num_elements() * static_cast<int64_t>(size_of(type.dtype)), 64);
      }
    return places;
  }

  std::optional<std::vector<StatePlace>> state_;
  Target target_;
  Option<int> threads_{*this, "threads", llvm::cl::desc("the most threads that an entry may use"), llvm::cl::init(1)};
};

}  // namespace

std::unique_ptr<mlir::Pass> create_fuse_steps_pass(const std::vector<StatePlace>& state, const Target& target) {
  return std::make_unique<FuseSteps>(state, target);
}
std::unique_ptr<mlir::Pass> create_fuse_steps_pass() { return std::make_unique<FuseSteps>(); }

}  // namespace hornbeam::passes
