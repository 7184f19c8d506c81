// Goes through a job's ops in order, keeping apart what depends on the batch.
#include "passes/batch/rows.h"

#include <llvm/ADT/TypeSwitch.h>
#include <mlir/IR/Builders.h>
#include <mlir/Interfaces/SideEffectInterfaces.h>

#include "ir/horn.h"
#include "ir/pch.h"

namespace hornbeam::passes {
namespace {

mlir::RankedTensorType type_of(mlir::Value value) { return llvm::cast<mlir::RankedTensorType>(value.getType()); }

int64_t first_axis(mlir::Value value) { return type_of(value).getRank() == 0 ? 1 : type_of(value).getDimSize(0); }

mlir::RankedTensorType with_first(mlir::RankedTensorType type, int64_t size) {
  llvm::SmallVector<int64_t> dims(type.getShape());
  dims[0] = size;
  return mlir::RankedTensorType::get(dims, type.getElementType(), type.getEncoding());
}

bool has(llvm::ArrayRef<int64_t> axes, int64_t axis) { return llvm::is_contained(axes, axis); }

// An attribute that says the result's (or, of a transposed convolution, its) first axis.
llvm::StringRef shape_attribute(mlir::Operation& op) {
  if (llvm::isa<horn::BroadcastOp, horn::ReshapeOp, horn::IotaOp>(op)) return "shape";
  if (llvm::isa<horn::SliceOp>(op)) return "limit";
  if (llvm::isa<horn::ConvBackwardDataOp>(op)) return "input_shape";
  return "";
}

void set_first_axis(mlir::Operation& op, int64_t size) {
  op.getResult(0).setType(with_first(type_of(op.getResult(0)), size));
  llvm::StringRef name = shape_attribute(op);
  if (name.empty()) return;
  llvm::SmallVector<int64_t> dims(op.getAttrOfType<mlir::DenseI64ArrayAttr>(name).asArrayRef());
  if (dims[0] >= 0) dims[0] = size;
  op.setAttr(name, mlir::DenseI64ArrayAttr::get(op.getContext(), dims));
}

}  // namespace

std::optional<Rows> Rows::find(mlir::func::FuncOp job) {
  Rows rows(job);
  if (!rows.read_ports()) return std::nullopt;
  for (mlir::Operation& op : job.front().without_terminator())
    if (!rows.read(op)) return std::nullopt;
  for (mlir::OpOperand& result : job.front().getTerminator()->getOpOperands()) {
    if (rows.of(result.get()) == 1) continue;
    if (rows.of(result.get()) || !rows.repeats(result.get()) || first_axis(result.get()) != rows.batch_)
      return std::nullopt;
    rows.repeated_.push_back(&result);
  }
  return rows;
}

bool Rows::read_ports() {
  for (mlir::BlockArgument argument : job_.getArguments()) {
    auto role = job_.getArgAttrOfType<mlir::StringAttr>(argument.getArgNumber(), horn::kRoleAttr);
    if (!role || role.getValue() != "batch") continue;
    if (type_of(argument).getRank() == 0) return false;
    if (batch_ == 0) batch_ = first_axis(argument);
    if (first_axis(argument) != batch_) return false;
    per_row_[argument] = 1;
  }
  for (unsigned i = 0; i < job_.getNumResults(); ++i) {
    auto role = job_.getResultAttrOfType<mlir::StringAttr>(i, horn::kRoleAttr);
    auto per_batch = job_.getResultAttrOfType<mlir::BoolAttr>(i, horn::kPerBatchAttr);
    auto type = llvm::dyn_cast<mlir::RankedTensorType>(job_.getResultTypes()[i]);
    if (!role || role.getValue() != "batch" || (per_batch && !per_batch.getValue()) || !type || type.getRank() == 0)
      return false;
  }
  return batch_ > 1 && job_.getNumResults() > 0;
}

// The same along the first axis, so that it can be made with another size of it.
bool Rows::repeats(mlir::Value value) {
  mlir::Operation* op = value.getDefiningOp();
  if (!op || of(value) || type_of(value).getRank() == 0) return false;
  if (auto known = repeats_.find(value); known != repeats_.end()) return known->second;
  if (auto constant = llvm::dyn_cast<horn::ConstantOp>(op)) {
    auto elements = llvm::dyn_cast<mlir::DenseElementsAttr>(constant.getValue());
    return elements && elements.isSplat();
  }
  if (auto broadcast = llvm::dyn_cast<horn::BroadcastOp>(op))
    return !has(broadcast.getAxes(), 0) || first_axis(broadcast.getX()) == 1;
  if (auto iota = llvm::dyn_cast<horn::IotaOp>(op)) return iota.getAxis() != 0;
  if (!llvm::isa<horn::ElementwiseOpInterface>(op)) return false;
  bool all = llvm::all_of(op->getOperands(), [&](mlir::Value operand) { return repeats(operand); });
  return repeats_[value] = all;
}

std::optional<int64_t> Rows::equal_rows(mlir::Operation& op) {
  int64_t rows = 0;
  for (mlir::Value operand : op.getOperands()) {
    int64_t here = of(operand);
    if (here && rows && here != rows) return std::nullopt;
    rows = std::max(rows, here);
  }
  for (mlir::OpOperand& operand : op.getOpOperands()) {
    if (of(operand.get())) continue;
    if (!repeats(operand.get())) return std::nullopt;
    repeated_.push_back(&operand);
  }
  return rows;
}

bool Rows::read(mlir::Operation& op) {
  if (llvm::none_of(op.getOperands(), [&](mlir::Value operand) { return of(operand) != 0; })) return true;
  if (op.getNumResults() != 1 || op.getNumRegions() != 0) return false;
  mlir::Value first = op.getOperand(0);
  const int64_t rows = of(first);
  auto if_only_first = [&](bool keeps_rows) -> std::optional<int64_t> {
    for (mlir::Value other : op.getOperands().drop_front())
      if (of(other)) return std::nullopt;
    return keeps_rows && rows ? std::optional(rows) : std::nullopt;
  };
  using Result = std::optional<int64_t>;
  Result found =
      llvm::TypeSwitch<mlir::Operation*, Result>(&op)
          .Case<horn::BroadcastOp>([&](horn::BroadcastOp b) {
            return if_only_first(!b.getAxes().empty() && b.getAxes()[0] == 0 && first_axis(first) == b.getShape()[0]);
          })
          .Case<horn::ReshapeOp>([&](horn::ReshapeOp r) -> Result {
            // Elements of a row of the batch lie together, so what is left of the first axis belongs to it.
            if (type_of(r.getResult()).getRank() == 0 || first_axis(r.getResult()) % batch_) return std::nullopt;
            return first_axis(r.getResult()) / batch_;
          })
          .Case<horn::TransposeOp>([&](horn::TransposeOp t) { return if_only_first(t.getPermutation()[0] == 0); })
          .Case<horn::ConcatOp>([&](horn::ConcatOp c) { return c.getAxis() == 0 ? Result() : equal_rows(op); })
          .Case<horn::SliceOp>([&](horn::SliceOp s) {
            return if_only_first(s.getStart()[0] == 0 && s.getStrides()[0] == 1 &&
                                 (s.getLimit()[0] == -1 || s.getLimit()[0] == first_axis(first)));
          })
          .Case<horn::PadOp>([&](horn::PadOp p) { return if_only_first(p.getLow()[0] == 0 && p.getHigh()[0] == 0); })
          .Case<horn::ReverseOp>([&](horn::ReverseOp r) { return if_only_first(!has(r.getAxes(), 0)); })
          .Case<horn::ReduceSumOp, horn::ReduceMaxOp, horn::ReduceMinOp, horn::ReduceProdOp>(
              [&](auto r) { return if_only_first(!has(r.getAxes(), 0)); })
          .Case<horn::ArgmaxOp, horn::ArgminOp>([&](auto a) { return if_only_first(a.getAxis() != 0); })
          .Case<horn::ConvOp, horn::ConvBackwardDataOp, horn::MaxPoolOp, horn::AvgPoolOp>(
              [&](auto) { return if_only_first(true); })
          .Case<horn::DotOp>([&](horn::DotOp d) -> Result {
            if (!of(d.getRhs())) return if_only_first(d.getLhsBatch().empty() && !has(d.getLhsContract(), 0));
            bool pairs = of(d.getRhs()) == rows && !d.getLhsBatch().empty() && d.getLhsBatch()[0] == 0 &&
                         d.getRhsBatch()[0] == 0;
            return pairs ? Result(rows) : Result();
          })
          .Case<horn::TakeOp>([&](horn::TakeOp t) -> Result {
            if (rows) return if_only_first(t.getAxis() != 0);
            return t.getAxis() == 0 ? Result(of(t.getIndices())) : Result();
          })
          .Default([&](mlir::Operation* other) {
            return llvm::isa<horn::ElementwiseOpInterface>(other) ? equal_rows(op) : Result();
          });
  if (!found) return false;
  per_row_[op.getResult(0)] = *found;
  return true;
}

mlir::Value Rows::shrunk(mlir::Value value, int64_t size) {
  if (first_axis(value) == size) return value;
  if (mlir::Value known = shrunk_.lookup({value, size})) return known;
  mlir::Operation* op = value.getDefiningOp();
  mlir::OpBuilder b(op);
  if (auto constant = llvm::dyn_cast<horn::ConstantOp>(op)) {
    auto elements = llvm::cast<mlir::DenseElementsAttr>(constant.getValue());
    auto resized = horn::ConstantOp::create(b, op->getLoc(), elements.resizeSplat(with_first(type_of(value), size)));
    return shrunk_[{value, size}] = resized;
  }
  llvm::SmallVector<mlir::Value> operands(op->getOperands());
  if (llvm::isa<horn::ElementwiseOpInterface>(op))
    for (mlir::Value& operand : operands) operand = shrunk(operand, size);
  mlir::Operation* copy = b.clone(*op);
  copy->setOperands(operands);
  set_first_axis(*copy, size);
  return shrunk_[{value, size}] = copy->getResult(0);
}

void Rows::shrink(int64_t rows) {
  for (mlir::OpOperand* operand : repeated_)
    operand->set(shrunk(operand->get(), first_axis(operand->get()) / batch_ * rows));
  llvm::SmallVector<mlir::Type> arguments, results;
  for (mlir::BlockArgument argument : job_.getArguments()) {
    if (of(argument)) argument.setType(with_first(type_of(argument), rows));
    arguments.push_back(argument.getType());
  }
  for (mlir::Operation& op : job_.front().without_terminator())
    if (op.getNumResults() == 1 && of(op.getResult(0))) set_first_axis(op, of(op.getResult(0)) * rows);
  for (mlir::Value result : job_.front().getTerminator()->getOperands()) results.push_back(result.getType());
  job_.setFunctionType(mlir::FunctionType::get(job_.getContext(), arguments, results));
  for (mlir::Operation& op : llvm::make_early_inc_range(llvm::reverse(job_.front())))
    if (mlir::isOpTriviallyDead(&op)) op.erase();  // what was made with another size
  batch_ = rows;
}

}  // namespace hornbeam::passes
