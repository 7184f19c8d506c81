// The builder's loops and branches.
#include "ir/builder_control.h"

#include "ir/builder_impl.h"
#include "ir/horn.h"
#include "ir/types.h"

namespace hornbeam::ir {

llvm::SmallVector<mlir::Value> isolate(llvm::ArrayRef<mlir::Block*> bodies) {
  llvm::SetVector<mlir::Value> captured;
  auto each_from_outside = [](mlir::Block* body, auto visit) {
    body->walk([&](mlir::Operation* op) {
      for (mlir::OpOperand& operand : op->getOpOperands()) {
        // Inside: made in the body, or in a region (of a gradient) that stands in it.
        mlir::Block* home = operand.get().getParentBlock();
        while (home && home != body) home = home->getParentOp() ? home->getParentOp()->getBlock() : nullptr;
        if (!home) visit(operand);
      }
    });
  };
  for (mlir::Block* body : bodies) {
    llvm::DenseMap<mlir::Operation*, mlir::Operation*> copies;
    each_from_outside(body, [&](mlir::OpOperand& operand) {
      auto constant = operand.get().getDefiningOp<horn::ConstantOp>();
      if (!constant) return void(captured.insert(operand.get()));
      mlir::Operation*& copy = copies[constant];
      if (!copy) body->push_front(copy = constant->clone());
      operand.set(copy->getResult(0));
    });
  }
  for (mlir::Block* body : bodies) {
    llvm::DenseMap<mlir::Value, mlir::Value> argument;
    for (mlir::Value value : captured) argument[value] = body->addArgument(value.getType(), value.getLoc());
    each_from_outside(body, [&](mlir::OpOperand& operand) { operand.set(argument.lookup(operand.get())); });
  }
  return llvm::SmallVector<mlir::Value>(captured.getArrayRef());
}

std::vector<Value> Builder::begin_body(std::span<const Type> arguments) {
  impl_->open.push_back({std::make_unique<mlir::Block>(), impl_->builder.saveInsertionPoint()});
  mlir::Block* block = impl_->open.back().block.get();
  std::vector<Value> values;
  for (const Type& type : arguments)
    values.push_back(wrap(block->addArgument(to_mlir(impl_->context, type), impl_->loc())));
  impl_->builder.setInsertionPointToEnd(block);
  return values;
}

void Builder::end_body(std::span<const Value> yields) {
  horn::YieldOp::create(impl_->builder, impl_->loc(), unwrap(yields));
  impl_->bodies.push_back(std::move(impl_->close().block));
}

// The op's results, or what is wrong with it.
static absl::StatusOr<std::vector<Value>> checked(mlir::MLIRContext* context, mlir::Operation* op) {
  ErrorText errors(context);
  if (failed(mlir::verify(op))) {
    absl::Status status = errors.status();
    op->erase();
    return status;
  }
  std::vector<Value> results;
  for (mlir::Value result : op->getResults()) results.push_back(wrap(result));
  return results;
}

absl::StatusOr<std::vector<Value>> Builder::scan(std::span<const Value> init, std::span<const Value> xs, int64_t length,
                                                 bool reverse) {
  if (impl_->bodies.empty()) return absl::FailedPreconditionError("scan without a body");
  std::unique_ptr<mlir::Block> body = impl_->take_body();
  llvm::SmallVector<mlir::Value> invariants = isolate(body.get());
  llvm::SmallVector<mlir::Value> initial = unwrap(init);
  llvm::SmallVector<mlir::Type> types(mlir::ValueRange(initial).getTypes());
  mlir::TypeRange yields = body->getTerminator()->getOperandTypes();
  if (yields.size() < initial.size())
    return absl::InvalidArgumentError("horn.scan: the body must yield every carried value");
  for (mlir::Type type : yields.drop_front(initial.size())) {
    auto slice = mlir::cast<mlir::RankedTensorType>(type);
    llvm::SmallVector<int64_t> shape{length};
    llvm::append_range(shape, slice.getShape());
    types.push_back(mlir::RankedTensorType::get(shape, slice.getElementType()));
  }
  auto op = horn::ScanOp::create(impl_->builder, impl_->loc(), types, initial, unwrap(xs), invariants, length, reverse);
  op.getBody().push_back(body.release());
  return checked(impl_->context, op);
}

absl::StatusOr<std::vector<Value>> Builder::cond(Value pred) {
  if (impl_->bodies.size() < 2) return absl::FailedPreconditionError("cond without two bodies");
  std::unique_ptr<mlir::Block> other = impl_->take_body(), then = impl_->take_body();
  llvm::SmallVector<mlir::Value> args = isolate({then.get(), other.get()});
  auto op =
      horn::CondOp::create(impl_->builder, impl_->loc(), then->getTerminator()->getOperandTypes(), unwrap(pred), args);
  op.getThenBody().push_back(then.release());
  op.getElseBody().push_back(other.release());
  return checked(impl_->context, op);
}

absl::StatusOr<std::vector<Value>> Builder::while_loop(std::span<const Value> init) {
  if (impl_->bodies.size() < 2) return absl::FailedPreconditionError("while_loop without two bodies");
  std::unique_ptr<mlir::Block> body = impl_->take_body(), condition = impl_->take_body();
  llvm::SmallVector<mlir::Value> invariants = isolate({condition.get(), body.get()}), initial = unwrap(init);
  auto op =
      horn::WhileOp::create(impl_->builder, impl_->loc(), mlir::ValueRange(initial).getTypes(), initial, invariants);
  op.getCondition().push_back(condition.release());
  op.getBody().push_back(body.release());
  return checked(impl_->context, op);
}

absl::StatusOr<std::vector<Value>> Builder::remat() {
  if (impl_->bodies.empty()) return absl::FailedPreconditionError("remat without a body");
  std::unique_ptr<mlir::Block> body = impl_->take_body();
  llvm::SmallVector<mlir::Value> args = isolate(body.get());
  auto op = horn::RematOp::create(impl_->builder, impl_->loc(), body->getTerminator()->getOperandTypes(), args);
  op.getBody().push_back(body.release());
  return checked(impl_->context, op);
}

absl::StatusOr<std::vector<Value>> Builder::custom_gradient(std::span<const Value> values,
                                                            std::span<const Value> inputs) {
  if (impl_->bodies.empty()) return absl::FailedPreconditionError("custom_gradient without a body");
  std::unique_ptr<mlir::Block> body = impl_->take_body();
  llvm::SmallVector<mlir::Value> invariants = isolate(body.get()), from = unwrap(values);
  auto op = horn::CustomGradientOp::create(impl_->builder, impl_->loc(), mlir::ValueRange(from).getTypes(), from,
                                           unwrap(inputs), invariants);
  op.getBackward().push_back(body.release());
  return checked(impl_->context, op);
}

}  // namespace hornbeam::ir
