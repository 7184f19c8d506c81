#include "passes/lowering/entry.h"

#include <mlir/Dialect/LLVMIR/LLVMDialect.h>

#include "ir/types.h"
#include "passes/lowering/kernels.h"
#include "passes/lowering/region.h"
#include "passes/memory/arena.h"
#include "passes/memory/barriers.h"

namespace hornbeam::passes {
namespace {

using mlir::Value;

int64_t elements_of(mlir::Type type) {
  int64_t n = 1;
  for (int64_t dim : llvm::cast<mlir::RankedTensorType>(type).getShape()) n *= dim;
  return n;
}

class EntryLowering : Buffers {
 public:
  EntryLowering(mlir::func::FuncOp job, const std::vector<StatePlace>& state, const Target& target)
      : job_(job), state_(state), target_(target), b_(job), loc_(job.getLoc()) {}

  mlir::FailureOr<LoweredEntry> run() {
    if (mlir::failed(read_signature())) return mlir::failure();
    mlir::FailureOr<Plan> plan = form_groups(job_.front());
    if (mlir::failed(plan)) return mlir::failure();
    schedule(*plan, updates_, returned_arguments_);
    for (const Update& update : updates_)
      if (update.writer) place_of_[update.value] = update.state;

    open_function();
    mlir::scf::ForOp loop = open_loop();
    gather_inputs(loop.getInductionVar());
    for (auto& group : plan->groups)
      if (mlir::failed(lower_group(b_, *group, *plan, *this, target_))) return mlir::failure();
    store_outputs(loop.getInductionVar(), *plan);
    copy_updates(*plan);
    close(loop);
    return entry_;
  }

 private:
  mlir::LogicalResult read_signature() {
    entry_.name = job_.getName().str();
    entry_.function = "entry_" + entry_.name;
    llvm::StringMap<const StatePlace*> places;
    for (const StatePlace& place : state_) places[place.name] = &place;
    for (mlir::BlockArgument argument : job_.getArguments()) {
      unsigned i = argument.getArgNumber();
      llvm::StringRef name = job_.getArgAttrOfType<mlir::StringAttr>(i, horn::kNameAttr).getValue();
      if (job_.getArgAttrOfType<mlir::StringAttr>(i, horn::kRoleAttr).getValue() == "state") {
        auto place = places.find(name);
        if (place == places.end())
          return job_.emitError("names the state variable ") << name << ", which is not laid out";
        if (ir::from_mlir(llvm::cast<mlir::RankedTensorType>(argument.getType())) !=
            ir::Type{place->second->dtype, place->second->shape})
          return job_.emitError("has the state variable ")
                 << name << " as " << argument.getType() << "; its place is for another type";
        place_of_argument_[argument] = place->second;
        argument_of_[name] = argument;
        continue;
      }
      ir::Type type = ir::from_mlir(llvm::cast<mlir::RankedTensorType>(argument.getType()));
      if (type.shape.empty()) return job_.emitError("has the batch ") << name << " without a batch axis";
      if (batches_.empty()) entry_.batch_size = type.shape[0];
      if (type.shape[0] != entry_.batch_size) return job_.emitError("has batches of different sizes");
      batches_.push_back(argument);
      entry_.inputs.push_back({name.str(), type.dtype, type.shape, true});
    }
    auto results = job_.front().getTerminator()->getOperands();
    for (auto [i, value] : llvm::enumerate(results)) {
      llvm::StringRef name = job_.getResultAttrOfType<mlir::StringAttr>(i, horn::kNameAttr).getValue();
      if (job_.getResultAttrOfType<mlir::StringAttr>(i, horn::kRoleAttr).getValue() == "state") {
        auto argument = argument_of_.find(name);
        if (argument == argument_of_.end()) return job_.emitError("updates ") << name << ", which it does not take";
        if (value == argument->second) continue;
        if (value.getType() != argument->second.getType())
          return job_.emitError("updates ") << name << " with another type, " << value.getType();
        updates_.push_back({llvm::cast<mlir::BlockArgument>(argument->second), value, nullptr});
        if (Value old = stored(value); llvm::isa<mlir::BlockArgument>(old)) returned_arguments_.insert(old);
        continue;
      }
      ir::Type type = ir::from_mlir(llvm::cast<mlir::RankedTensorType>(value.getType()));
      auto per_batch = job_.getResultAttrOfType<mlir::BoolAttr>(i, horn::kPerBatchAttr);
      entry_.outputs.push_back({name.str(), type.dtype, type.shape, !per_batch || per_batch.getValue()});
      outputs_.push_back(value);
      if (Value old = stored(value); llvm::isa<mlir::BlockArgument>(old)) returned_arguments_.insert(old);
    }
    return mlir::success();
  }

  static Value stored(Value value) {
    while (auto reshape = value.getDefiningOp<horn::ReshapeOp>()) value = reshape.getX();
    return value;
  }

  mlir::MemRefType flat(mlir::Type tensor, int64_t rows = 1) {
    return mlir::MemRefType::get({elements_of(tensor) * rows}, stored_type(mlir::getElementTypeOrSelf(tensor)));
  }

  void open_function() {
    mlir::MLIRContext* context = b_.getContext();
    mlir::Type bytes = b_.getI8Type(), index = b_.getIndexType();
    int64_t segments[3] = {1, 1, 1};
    for (const StatePlace& place : state_) {
      int64_t end = place.offset + place.shape.num_elements() * static_cast<int64_t>(size_of(place.dtype));
      segments[place.segment] = std::max(segments[place.segment], end);
    }
    llvm::SmallVector<mlir::Type> types;
    for (int64_t segment : segments) types.push_back(mlir::MemRefType::get({segment}, bytes));
    types.push_back(mlir::MemRefType::get({1}, bytes));  // the arena: set when it is planned
    // kManyRows rows of a batch's row; a row has the batch's elements over the batch size.
    for (Value batch : batches_)
      types.push_back(mlir::MemRefType::get({elements_of(batch.getType()) / entry_.batch_size * kManyRows},
                                            stored_type(mlir::getElementTypeOrSelf(batch.getType()))));
    for (Value output : outputs_) types.push_back(flat(output.getType(), kManyRows));
    types.push_back(mlir::MemRefType::get({kManyRows}, b_.getI64Type()));
    types.append(3, index);
    types.push_back(mlir::LLVM::LLVMPointerType::get(context));
    function_ = mlir::func::FuncOp::create(b_, loc_, entry_.function, b_.getFunctionType(types, {}));
    b_.setInsertionPointToStart(function_.addEntryBlock());
    first_input_ = 4;
    first_output_ = first_input_ + batches_.size();
    first_index_ = first_output_ + outputs_.size();
    for (auto& [argument, place] : place_of_argument_) {
      Value offset = mlir::arith::ConstantIndexOp::create(b_, loc_, place->offset);
      buffers_[argument] = mlir::memref::ViewOp::create(
          b_, loc_, flat(argument.getType()), function_.getArgument(place->segment), offset, mlir::ValueRange{});
    }
  }
  Value rows() { return function_.getArgument(first_index_); }
  Value steps() { return function_.getArgument(first_index_ + 1); }
  Value thread() { return function_.getArgument(first_index_ + 2); }

  mlir::scf::ForOp open_loop() {
    Value zero = mlir::arith::ConstantIndexOp::create(b_, loc_, 0),
          one = mlir::arith::ConstantIndexOp::create(b_, loc_, 1);
    auto loop = mlir::scf::ForOp::create(b_, loc_, zero, steps(), one);
    b_.setInsertionPoint(loop.getBody()->getTerminator());
    return loop;
  }

  void gather_inputs(Value step) {
    for (auto [i, batch] : llvm::enumerate(batches_)) {
      if (batch.use_empty()) continue;
      Value buffer = mlir::memref::AllocOp::create(b_, loc_, flat(batch.getType()));
      hk::GatherRowsOp::create(b_, loc_, function_.getArgument(first_input_ + i), rows(), step, buffer,
                               entry_.batch_size, units_for_copy(batch.getType()));
      buffers_[batch] = buffer;
    }
  }
  // An element that is copied counts as 16 operations: the memory is what takes time.
  int64_t units_for_copy(mlir::Type type) {
    return target_.threads > 1 && elements_of(type) * 16 >= target_.work_worth_sharing ? target_.threads : 1;
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
    if (!buffer) buffer = mlir::memref::AllocOp::create(b_, loc_, flat(value.getType()));
    return buffer;
  }
  Value scratch(mlir::Type element, int64_t n) override {
    return mlir::memref::AllocOp::create(b_, loc_, mlir::MemRefType::get({n}, element));
  }
  Value global(horn::ConstantOp constant) {
    auto elements = llvm::cast<mlir::DenseElementsAttr>(constant.getValue());
    mlir::MemRefType type = flat(constant.getType());
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
    mlir::OpBuilder at(function_);
    std::string name = entry_.function + "_constant_" + std::to_string(constants_++);
    mlir::memref::GlobalOp::create(at, loc_, name, at.getStringAttr("private"), type, content, /*constant=*/true,
                                   at.getI64IntegerAttr(64));
    return mlir::memref::GetGlobalOp::create(b_, loc_, type, name);
  }

  void store_outputs(Value step, const Plan& plan) {
    for (auto [i, value] : llvm::enumerate(outputs_)) {
      Value first = mlir::arith::ConstantIndexOp::create(b_, loc_, 0);
      if (entry_.outputs[i].per_batch) {
        Value n = mlir::arith::ConstantIndexOp::create(b_, loc_, elements_of(value.getType()));
        first = mlir::arith::MulIOp::create(b_, loc_, step, n);
      }
      hk::StoreRowsOp::create(b_, loc_, of(stored(value)), function_.getArgument(first_output_ + i), first,
                              units_for_copy(value.getType()));
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
                                units_for_copy(tensor), llvm::ArrayRef<int64_t>{});
    op.getEpilogue().takeBody(*parts.region);
  }

  // Updates that could not be written in place. Variables that exchange their values go by way of the arena.
  void copy_updates(const Plan& plan) {
    llvm::SmallVector<std::pair<Value, const Update*>> late;
    for (const Update& update : updates_) {
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

  void close(mlir::scf::ForOp loop) {
    b_.setInsertionPointAfter(loop);
    mlir::func::ReturnOp::create(b_, loc_);
    entry_.arena_bytes = plan_arena(*loop.getBody(), function_.getArgument(3));
    function_.getArgument(3).setType(mlir::MemRefType::get({std::max<int64_t>(entry_.arena_bytes, 1)}, b_.getI8Type()));
    function_.setFunctionType(b_.getFunctionType(function_.front().getArgumentTypes(), {}));
    bool shared = false;
    function_.walk([&](mlir::Operation* op) {
      if (auto units = op->getAttrOfType<mlir::IntegerAttr>("units")) shared |= units.getInt() > 1;
    });
    entry_.num_threads = shared ? target_.threads : 1;
    if (shared) place_barriers(*loop.getBody(), thread());
    job_.erase();
  }

  mlir::func::FuncOp job_;
  const std::vector<StatePlace>& state_;
  const Target& target_;
  mlir::OpBuilder b_;
  mlir::Location loc_;
  LoweredEntry entry_;
  mlir::func::FuncOp function_;
  size_t first_input_ = 0, first_output_ = 0, first_index_ = 0;
  llvm::MapVector<Value, const StatePlace*> place_of_argument_;
  llvm::StringMap<Value> argument_of_;
  llvm::SmallVector<mlir::BlockArgument> batches_;
  llvm::SmallVector<Value> outputs_;
  llvm::SmallVector<Update> updates_;
  llvm::DenseSet<Value> returned_arguments_;
  llvm::DenseMap<Value, Value> place_of_;  // a value written in place → its state argument
  llvm::DenseMap<Value, Value> buffers_;
  int constants_ = 0;
};

}  // namespace

mlir::FailureOr<LoweredEntry> lower_entry(mlir::func::FuncOp job, const std::vector<StatePlace>& state,
                                          const Target& target) {
  return EntryLowering(job, state, target).run();
}

}  // namespace hornbeam::passes
